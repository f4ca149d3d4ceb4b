package io.sallyport.exchange.upstream;

/** The password that the broker gets with each CONNECT; never shown. */
public final class Credential {
  /** No password: the broker knows the gateway by its certificate, or trusts its network. */
  public static final Credential NONE = new Credential(new byte[0]);

  /** Bound: what MQTT can carry. */
  private static final int LENGTH_MAX = 65_535;

  private final byte[] password;

  private Credential(byte[] password) {
    this.password = password;
  }

  /**
   * A password as it is, without a line's end.
   *
   * @throws IllegalArgumentException if it is empty or too long
   */
  public static Credential of(byte[] password) {
    if (password.length == 0 || password.length > LENGTH_MAX) {
      throw new IllegalArgumentException("a password has 1 to " + LENGTH_MAX + " bytes");
    }
    return new Credential(password.clone());
  }

  boolean isPresent() {
    return password.length > 0;
  }

  /** Not to be written to, nor kept. */
  byte[] bytes() {
    return password;
  }

  @Override
  public String toString() {
    return "Credential[not shown]";
  }
}
