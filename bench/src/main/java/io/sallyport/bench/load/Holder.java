package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;
import java.util.function.BiConsumer;

/** A device that is connected, subscribed to its commands, and does nothing more. */
final class Holder extends Client {
  private final BiConsumer<String, String> whenLost;

  /** Says its client id and the reason when its connection ends. */
  Holder(String id, String device, BiConsumer<String, String> whenLost) {
    super(id, 0, Identities.commands(device), 1);
    this.whenLost = whenLost;
  }

  @Override
  void received(int type, int flags, ByteBuf in, int end) {
    // A DISCONNECT with the reason may precede the end of the connection, which is what counts.
  }

  @Override
  void lost(String why) {
    whenLost.accept(id(), why);
  }
}
