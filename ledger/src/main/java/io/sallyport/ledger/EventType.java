package io.sallyport.ledger;

import java.util.Locale;

/** The kinds of security events; closed on purpose, so that whoever shows them thinks of each. */
public enum EventType {
  CA_CREATED,
  CA_KEY_EXPORTED,
  CA_KEY_FORGOTTEN,
  ENROLLED,
  ENROLMENT_REFUSED,
  CERTIFICATE_ISSUED,
  REVOKED,
  QUARANTINED,
  REINSTATED,
  SESSIONS_ENDED,
  POLICY_PUT,
  POLICY_ATTACHED,
  POLICY_DETACHED,
  HANDSHAKE_REFUSED,
  CONNECT_REFUSED,
  PUBLISH_DENIED,
  SUBSCRIBE_DENIED,
  RECEIVE_DENIED,
  WILL_DENIED,
  PROTOCOL_VIOLATION,
  OPERATOR_ENROLLED,
  OPERATOR_REFUSED,
  /** Events came faster than the ledger took them; a fact says how many are missing. */
  EVENTS_DROPPED,
  RELOADED,
  /** A reload was refused; everything stayed as it was. */
  RELOAD_FAILED,
  DRAIN_BEGUN,
  DRAIN_ENDED,
  STARTED,
  STOPPED;

  /** The word in tables and JSON: lower case with hyphens. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
