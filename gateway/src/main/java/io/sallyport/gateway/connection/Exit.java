package io.sallyport.gateway.connection;

import io.netty.channel.Channel;
import io.sallyport.exchange.Reason;
import java.time.Duration;

/** The ways in which a socket is closed, from the politest to the shortest. */
// What becomes of a close shows in the channel itself: it is gone, or soon will be.
@SuppressWarnings("FutureReturnValueIgnored")
final class Exit {
  /** How long a client may take to read why it is sent away. */
  static final int LINGER_TICKS = DeadlineWheel.ticks(Duration.ofSeconds(1));

  private Exit() {}

  /** Whether a client that is told this may have more on its way to us. */
  static boolean mayStillBeSending(Reason reason) {
    return switch (reason) {
      case MALFORMED_PACKET,
          PROTOCOL_ERROR,
          TOPIC_FILTER_INVALID,
          TOPIC_NAME_INVALID,
          TOPIC_ALIAS_INVALID,
          RECEIVE_MAXIMUM_EXCEEDED,
          PACKET_TOO_LARGE,
          MESSAGE_RATE_TOO_HIGH,
          QUOTA_EXCEEDED ->
          true;
      default -> false;
    };
  }

  /**
   * Ends our side and drops what still comes, undecrypted, until the client ends its own or the
   * connection's deadline does. Were the socket closed while the client sends, the kernel would
   * reset the connection and what it was told would be lost.
   */
  static void lingering(Channel channel, FirstDoor door) {
    if (!channel.isWritable()) {
      atOnce(channel);
      return;
    }
    channel.flush();
    channel.pipeline().addFirst(door);
    channel.config().setAutoRead(true);
    channel.close();
  }

  /** Closes it when what was written has left. */
  static void afterWhatWasWritten(Channel channel) {
    if (channel.isWritable()) {
      channel.flush();
      channel.close();
    } else {
      // It does not read: no farewell would leave, so none is waited for.
      atOnce(channel);
    }
  }

  /** Closes the socket without a word. */
  static void atOnce(Channel channel) {
    var nearest = channel.pipeline().firstContext();
    if (nearest != null) {
      nearest.close();
    }
  }
}
