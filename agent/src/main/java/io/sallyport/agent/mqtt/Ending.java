package io.sallyport.agent.mqtt;

/** Why there is no connection, or no longer. */
public sealed interface Ending {
  /** One clause for the log. */
  String why();

  /** The network or the server went away: it may be back at any moment. */
  record Lost(String why) implements Ending {}

  /** The server is not the pinned one; the device said nothing to it. */
  record Untrusted(String why) implements Ending {}

  /**
   * The server said no to this device: revoked, expired, banned, taken over. Asking again at once
   * changes nothing.
   *
   * @param expired whether it is because the certificate has expired
   */
  record Refused(String why, boolean expired) implements Ending {}

  /** The agent ended it. */
  record Closed(String why) implements Ending {}
}
