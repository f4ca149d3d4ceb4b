package io.sallyport.identity.flash;

/** An image that is not one of non-volatile storage. */
public final class MalformedNvs extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedNvs(String message) {
    super(message);
  }
}
