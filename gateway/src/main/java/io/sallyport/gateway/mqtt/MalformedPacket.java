package io.sallyport.gateway.mqtt;

import io.sallyport.exchange.Reason;

/**
 * A client broke the protocol or one of its bounds; there is nothing to do but to end the
 * connection.
 */
public final class MalformedPacket extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /**
   * A violation.
   *
   * @param reason the MQTT 5 reason code that tells the client
   * @param message what was wrong, never with bytes of the client in it
   */
  public MalformedPacket(Reason reason, String message) {
    // No stack trace: whoever can send garbage must not be able to make it expensive.
    super(message, null, false, false);
    this.reason = reason;
  }

  static MalformedPacket malformed(String message) {
    return new MalformedPacket(Reason.MALFORMED_PACKET, message);
  }

  static MalformedPacket protocolError(String message) {
    return new MalformedPacket(Reason.PROTOCOL_ERROR, message);
  }

  /** A packet that a client never sends, or not now. */
  public static MalformedPacket unexpected(int type) {
    return protocolError("a packet that may not come here: type " + type);
  }

  /** MQTT 5, 3.14.2.2.2: a session that was to end with its connection cannot be made to stay. */
  public static MalformedPacket expiryFromNothing() {
    return protocolError("session expiry in DISCONNECT after none in CONNECT");
  }

  public Reason reason() {
    return reason;
  }
}
