package io.sallyport.agent.mqtt;

/**
 * What the server said to a publication or a subscription.
 *
 * @param code the reason code (MQTT 5, section 2.4); below 0x80 it is done
 * @param text the reason string, or empty
 */
public record Answer(int code, String text) {
  private static final int FAILURE = 0x80;
  private static final int QUOTA_EXCEEDED = 0x97;
  private static final int BUSY = 0x89;

  /** Whether the server took it. */
  public boolean isTaken() {
    return code < FAILURE;
  }

  /** Whether the same may be taken later. */
  public boolean isForNow() {
    return code == QUOTA_EXCEEDED || code == BUSY;
  }

  @Override
  public String toString() {
    return "0x%02x%s".formatted(code, text.isEmpty() ? "" : " " + text);
  }
}
