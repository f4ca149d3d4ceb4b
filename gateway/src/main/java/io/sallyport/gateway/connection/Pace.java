package io.sallyport.gateway.connection;

import io.netty.channel.Channel;

/** Whether a connection is read from, and whose fault it is if it is not. */
final class Pace {
  private final Channel channel;
  private int pauses;
  private int pausedAt;

  Pace(Channel channel) {
    this.channel = channel;
  }

  void pause(Pause why, int tick) {
    if (pauses == 0) {
      pausedAt = tick;
      channel.config().setAutoRead(false);
    }
    pauses |= why.bit();
  }

  boolean isPaused(Pause why) {
    return (pauses & why.bit()) != 0;
  }

  /** Takes a reason away; whether it was the last, so that it is read from again. */
  boolean resume(Pause why) {
    if ((pauses & why.bit()) == 0) {
      return false;
    }
    pauses &= ~why.bit();
    if (pauses == 0) {
      channel.config().setAutoRead(true);
    }
    return pauses == 0;
  }

  /** The tick since which nothing can have been heard. */
  int silentSince(int lastRead) {
    return pauses == 0 ? lastRead : pausedAt;
  }

  /** Whether it is we who do not listen, while the client may well speak. */
  boolean isOurs() {
    return pauses != 0 && (pauses & Pause.OUTBOUND.bit()) == 0;
  }
}
