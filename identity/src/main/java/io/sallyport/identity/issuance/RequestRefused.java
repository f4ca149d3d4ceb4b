package io.sallyport.identity.issuance;

import java.util.Locale;

/** A certificate signing request that will not be signed, and why. */
public final class RequestRefused extends Exception {
  private static final long serialVersionUID = 1L;

  /** Closed, so that whoever answers the sender thinks of each. */
  public enum Reason {
    /** Longer than 8 KiB. */
    TOO_LARGE,
    /** Not one strict DER or PEM PKCS#10 request. */
    MALFORMED,
    /** The signature does not prove that the sender has the private key. */
    NOT_PROVEN,
    /** A key of a known kind that is too short or badly made. */
    WEAK_KEY,
    /** A kind of key that we do not certify. */
    UNSUPPORTED_KEY,
    /** Signed over SHA-1, MD5 or the like. */
    WEAK_SIGNATURE,
    /** Signed by an algorithm that we do not read. */
    UNSUPPORTED_SIGNATURE,
    /** The subject holds more than the expected common name. */
    FOREIGN_SUBJECT,
    /** An alternative name is asked for that is not the expected identity. */
    FOREIGN_NAMES,
    /** The rights of a certificate authority are asked for. */
    ASKS_FOR_AUTHORITY,
    /** A usage other than that of a client is asked for. */
    ASKS_FOR_USAGE,
    /** A critical extension is asked for that we do not give. */
    ASKS_FOR_EXTENSION;

    /** The lower-case word with hyphens, for JSON and messages. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Reason reason;

  RequestRefused(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why, for programs. */
  public Reason reason() {
    return reason;
  }
}
