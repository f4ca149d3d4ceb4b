package io.sallyport.policy;

/**
 * The compiled rights of one session. Used by one thread: its memo of recent names is not shared.
 */
public final class SessionPolicy {
  private SessionPolicy() {}

  /** The rights of this subject, {@link Mode#STRICT strictly}. */
  public static SessionPolicy compile(PolicySet set, Subject subject) {
    return compile(set, subject, Mode.STRICT);
  }

  /** The rights of this subject. */
  public static SessionPolicy compile(PolicySet set, Subject subject, Mode mode) {
    return new SessionPolicy();
  }

  /** Whether the action on this name may go on; the name in UTF-8. */
  public boolean allows(Action action, byte[] utf8Name) {
    return false;
  }

  /** The same answer with the statement that decided it. */
  public Decision decide(Action action, String name) {
    return new Decision.ImplicitlyDenied();
  }
}
