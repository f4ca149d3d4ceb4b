package io.sallyport.agent.bundle;

/** A bundle that cannot be used: which file, why, and what to do. */
public final class MalformedBundle extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedBundle(String message) {
    super(message);
  }

  MalformedBundle(String message, Throwable cause) {
    super(message, cause);
  }
}
