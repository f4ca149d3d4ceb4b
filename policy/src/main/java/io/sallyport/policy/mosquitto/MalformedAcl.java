package io.sallyport.policy.mosquitto;

/** An ACL file that Mosquitto would not start with. */
public final class MalformedAcl extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;

  MalformedAcl(int line, String message) {
    super(message, null, false, false);
    this.line = line;
  }

  /** The first line that it stumbles over, from 1. */
  public int line() {
    return line;
  }
}
