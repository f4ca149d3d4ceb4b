package io.sallyport.identity.issuance;

/** The world broke below issuance: a disk, a token, a provider, an authority past its end. */
public final class IssuanceUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What could not be done, and why. */
  public IssuanceUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  public IssuanceUnavailable(String message) {
    super(message);
  }
}
