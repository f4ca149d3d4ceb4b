package io.sallyport.gateway.connection;

/** Why a connection is not read from. */
enum Pause {
  /** Its session is being opened. */
  OPENING(1),
  /** It does not take what it is sent. */
  OUTBOUND(2),
  /** Too much of what it sent waits for the exchange. */
  UNANSWERED(4),
  /** It published more than it may in that time. */
  RATE(8),
  /** The exchange has no room for what it sends. */
  EXCHANGE(16),
  /** Its handshake waits for its turn. */
  HANDSHAKE(32);

  private final int bit;

  Pause(int bit) {
    this.bit = bit;
  }

  int bit() {
    return bit;
  }
}
