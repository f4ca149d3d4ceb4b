package io.sallyport.agent.state;

/** The agent's folder cannot be used: the disk is full, broken, or somebody else's. */
public final class StateUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what went wrong. */
  public StateUnavailable(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }

  /** Without a cause of its own. */
  public StateUnavailable(String message) {
    super(message);
  }
}
