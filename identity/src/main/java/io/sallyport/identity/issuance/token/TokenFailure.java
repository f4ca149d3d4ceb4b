package io.sallyport.identity.issuance.token;

import java.security.GeneralSecurityException;

/** A token does not do what is asked, and why. */
final class TokenFailure extends GeneralSecurityException {
  private static final long serialVersionUID = 1L;

  private final TokenTrouble trouble;

  TokenFailure(TokenTrouble trouble, String message, Throwable cause) {
    super(message, cause);
    this.trouble = trouble;
  }

  TokenFailure(TokenTrouble trouble, String message) {
    super(message);
    this.trouble = trouble;
  }

  TokenTrouble trouble() {
    return trouble;
  }
}
