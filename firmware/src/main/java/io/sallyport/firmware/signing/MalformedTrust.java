package io.sallyport.firmware.signing;

/** Text that does not say whose word makes a release; the message names what is wrong. */
public final class MalformedTrust extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedTrust(String message) {
    super(message);
  }
}
