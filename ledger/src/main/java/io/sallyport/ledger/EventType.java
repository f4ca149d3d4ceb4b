package io.sallyport.ledger;

import java.util.Locale;

/** The kinds of security events; closed on purpose, so that whoever shows them thinks of each. */
public enum EventType {
  CA_CREATED,
  CA_KEY_EXPORTED,
  CA_KEY_FORGOTTEN,
  /** The certificates of an off-line root were taken, for the first authorities of all. */
  CA_INSTALLED,
  /** Another CA is trusted beside the one that signs; or one was asked for of an off-line root. */
  CA_ROLLOVER_BEGUN,
  /** What was begun was given up before anything was issued by it. */
  CA_ROLLOVER_CANCELLED,
  /** The new one signs from now on. */
  CA_ROLLOVER_ACTIVATED,
  /** The old one is not trusted any more. */
  CA_ROLLOVER_RETIRED,
  ENROLLED,
  ENROLMENT_REFUSED,
  CERTIFICATE_ISSUED,
  ENROLMENT_TOKEN_CREATED,
  ENROLMENT_TOKEN_REVOKED,
  /** A device that showed nothing asks for a certificate; an operator decides. */
  ENROLMENT_ASKED,
  ENROLMENT_APPROVED,
  ENROLMENT_REJECTED,
  BATCH_CREATED,
  /** Nobody is enrolled into it any more; who is in it stays. */
  BATCH_CLOSED,
  /** Nobody is enrolled into it any more, and every certificate of it is revoked. */
  BATCH_KILLED,
  MANUFACTURER_ADDED,
  MANUFACTURER_REMOVED,
  /** Serial numbers came into a manufacturer's list, left it, or are revoked there. */
  MANUFACTURER_SERIALS_CHANGED,
  /** A serial number of a manufacturer's list was spent for a device. */
  MANUFACTURER_SERIAL_USED,
  CLAIM_CREATED,
  CLAIM_USED,
  CLAIM_KILLED,
  /** A claim was shown outside of its window, beyond its count, after its end or for others. */
  CLAIM_ABUSED,
  PROVISIONING_TEMPLATE_PUT,
  PROVISIONING_TEMPLATE_DELETED,
  REVOKED,
  QUARANTINED,
  REINSTATED,
  SESSIONS_ENDED,
  POLICY_PUT,
  POLICY_ATTACHED,
  POLICY_DETACHED,
  OBSERVATION_STARTED,
  OBSERVATION_STOPPED,
  /** A proposal took the place of what was attached. */
  POLICY_ENFORCED,
  GROUP_CREATED,
  GROUP_DELETED,
  GROUP_MEMBER_ADDED,
  GROUP_MEMBER_REMOVED,
  /** The thing type or attributes, which policies can ask for. */
  THING_CHANGED,
  TAGS_CHANGED,
  /** Somebody recorded what a device runs, or whether it has proved that. */
  DEVICE_STATE_RECORDED,
  /** Evidence proved that a device runs what is approved. */
  ATTESTED,
  ATTESTATION_REFUSED,
  ATTESTATION_KEY_ADDED,
  ATTESTATION_KEY_REMOVED,
  REFERENCE_VALUE_ADDED,
  REFERENCE_VALUE_REMOVED,
  /** An operator changed a shadow; what of it changed is not told, for it may be secret. */
  SHADOW_CHANGED,
  SHADOW_DELETED,
  INVARIANTS_SET,
  INVARIANTS_CLEARED,
  HANDSHAKE_REFUSED,
  CONNECT_REFUSED,
  PUBLISH_DENIED,
  SUBSCRIBE_DENIED,
  RECEIVE_DENIED,
  WILL_DENIED,
  /** It was allowed; the policies that are proposed would have denied it. */
  WOULD_BE_DENIED,
  PROTOCOL_VIOLATION,
  /** A source failed too often and is not let in for a while. */
  SOURCE_BANNED,
  SOURCE_UNBANNED,
  OPERATOR_ENROLLED,
  OPERATOR_REFUSED,
  /** Events came faster than the ledger took them; a fact says how many are missing. */
  EVENTS_DROPPED,
  RELOADED,
  /** A reload was refused; everything stayed as it was. */
  RELOAD_FAILED,
  DRAIN_BEGUN,
  DRAIN_ENDED,
  /** The changes of trust were not heard of for too long: the gate lets nobody in. */
  FEED_LOST,
  FEED_BACK,
  /** A gateway that is gone for good is no longer waited for. */
  GATEWAY_FORGOTTEN,
  /** Devices are told to hold on to keys of the server that they were not told of before. */
  PINS_DEPLOYED,
  /** No device has such pins any more. */
  PINS_RETIRED,
  /** The backup took the place of the server's key. */
  SERVER_KEY_PROMOTED,
  /** One identity comes from two places in turn. */
  CLONE_SUSPECTED,
  STARTED,
  STOPPED;

  /** The word in tables and JSON: lower case with hyphens. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
