package io.sallyport.control.enrolment;

import io.sallyport.identity.Fingerprint;

/** On what grounds a certificate is asked for. */
sealed interface Grounds {
  /** Somebody new comes. */
  record Newcomer(Warrant warrant) implements Grounds {}

  /** Somebody known shows one of its active certificates and wants its successor. */
  record Successor(Fingerprint of, Warrant warrant) implements Grounds {}
}
