package io.sallyport.identity;

import java.util.Optional;

/** Why a certificate was revoked (RFC 5280, 5.3.1), by its code and its name there. */
public enum RevocationReason {
  UNSPECIFIED(0, "unspecified"),
  KEY_COMPROMISE(1, "keyCompromise"),
  CA_COMPROMISE(2, "cACompromise"),
  AFFILIATION_CHANGED(3, "affiliationChanged"),
  SUPERSEDED(4, "superseded"),
  CESSATION_OF_OPERATION(5, "cessationOfOperation"),
  PRIVILEGE_WITHDRAWN(9, "privilegeWithdrawn");

  private final int code;
  private final String word;

  RevocationReason(int code, String word) {
    this.code = code;
    this.word = word;
  }

  /** The CRLReason code. */
  public int code() {
    return code;
  }

  /** The CRLReason name, as used on the command line and in JSON. */
  public String word() {
    return word;
  }

  /** The reason of that name, exact case. */
  public static Optional<RevocationReason> ofWord(String word) {
    for (var reason : values()) {
      if (reason.word.equals(word)) {
        return Optional.of(reason);
      }
    }
    return Optional.empty();
  }
}
