package io.sallyport.control.provisioning;

/** A payload that is not what its format and operation ask for. */
final class MalformedPayload extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedPayload(String message) {
    // No stack trace: whoever can send rubbish must not be able to make it expensive.
    super(message, null, false, false);
  }
}
