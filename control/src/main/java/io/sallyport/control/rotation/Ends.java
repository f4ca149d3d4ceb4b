package io.sallyport.control.rotation;

import java.util.List;

/** The words for why a rotation ended as it did. */
final class Ends {
  /** The device never answered: it may be off line. */
  static final String NO_ANSWER = "no-answer";

  /** It got a certificate and never came with it. */
  static final String UNPROVEN = "unproven";

  /** It said that it cannot use its new certificate. */
  static final String FAILED = "failed";

  /** It came with the new one, and later with the old one again. */
  static final String FELL_BACK = "fell-back";

  /** The device was revoked. */
  static final String REVOKED = "revoked";

  /** The old certificate ended before there was another that works. */
  static final String EXPIRED = "expired";

  /** Which of them are the device's failures. */
  static final List<String> FAILURES = List.of(UNPROVEN, FAILED, FELL_BACK);

  private Ends() {}
}
