package io.sallyport.control.provisioning.template;

/** Parameters that a template does not take, or that make nothing usable of it. */
public final class ParametersRefused extends Exception {
  private static final long serialVersionUID = 1L;

  ParametersRefused(String message) {
    // No stack trace: whoever can send rubbish must not be able to make it expensive.
    super(message, null, false, false);
  }
}
