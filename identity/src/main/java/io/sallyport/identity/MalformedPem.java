package io.sallyport.identity;

/** Text from outside that is not the PEM it should be. */
public final class MalformedPem extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong with it. */
  public MalformedPem(String message) {
    super(message);
  }
}
