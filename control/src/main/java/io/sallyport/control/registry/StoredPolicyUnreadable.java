package io.sallyport.control.registry;

/** A stored policy that this program does not understand: written by a newer one, or damaged. */
public final class StoredPolicyUnreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names the policy. */
  public StoredPolicyUnreadable(String name, int version, Throwable cause) {
    super(
        "policy '" + name + "' version " + version + " is not readable: " + cause.getMessage(),
        cause);
  }
}
