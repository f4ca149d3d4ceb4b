package io.sallyport.agent.mqtt;

/** A publication was not acknowledged: the server may have it or not. */
public final class ConnectionGone extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConnectionGone(String message) {
    // Expected, and many at once: without a trace.
    super(message, null, false, false);
  }
}
