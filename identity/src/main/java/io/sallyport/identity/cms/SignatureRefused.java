package io.sallyport.identity.cms;

/** A detached signature that does not hold, and why. */
public final class SignatureRefused extends Exception {
  private static final long serialVersionUID = 1L;

  SignatureRefused(String message) {
    super(message);
  }
}
