package io.sallyport.identity.attestation;

import java.util.Locale;

/** Evidence that proves nothing, and why. */
public final class EvidenceRefused extends Exception {
  private static final long serialVersionUID = 1L;

  /** Closed, so that whoever answers the sender thinks of each. */
  public enum Reason {
    /** Not what its format says it is. */
    MALFORMED,
    /** No registered key made the signature. */
    NOT_SIGNED_BY_KNOWN_KEY,
    /** Made for another challenge: replayed, or relayed for another key. */
    NOT_FRESH,
    /** Of another device than it is presented for. */
    OTHER_DEVICE,
    /** The device's life cycle is not one in which evidence counts, such as debugging. */
    NOT_SECURED,
    /** Whatever could be started was started. */
    NO_SECURE_BOOT,
    /** A component is not one of those that are approved. */
    MEASUREMENT_UNKNOWN,
    /** Nothing was measured. */
    NOTHING_MEASURED;

    /** The lower-case word with hyphens, for JSON and messages. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Reason reason;

  /** Evidence refused for that reason, told in the message. */
  public EvidenceRefused(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why, for programs. */
  public Reason reason() {
    return reason;
  }
}
