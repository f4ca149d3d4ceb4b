package io.sallyport.identity.cose;

/** Bytes that are not what they should be; the message says what and where. */
public final class MalformedCbor extends Exception {
  private static final long serialVersionUID = 1L;

  /** Something is wrong with what was read. */
  public MalformedCbor(String message) {
    super(message);
  }
}
