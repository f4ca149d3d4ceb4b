package io.sallyport.identity.manufacturer;

/** A certificate that cannot be a manufacturer's authority; the message says why. */
public final class UnusableAuthority extends Exception {
  private static final long serialVersionUID = 1L;

  UnusableAuthority(String message) {
    super(message);
  }
}
