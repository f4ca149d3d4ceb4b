package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/** A device that keeps publishing on a topic of another one, and counts the refusals. */
final class Intruder extends Client {
  private static final int PAYLOAD_BYTES = 64;
  private static final int QOS = 1;
  private static final int REFUSED = 0x80;

  private final byte[] template =
      Packets.publish(Identities.telemetry("somebody-else"), QOS, PAYLOAD_BYTES);
  private final int packetIdAt = template.length - PAYLOAD_BYTES - 3;
  private final int window;
  private int packetId;
  private int inFlight;
  private long refused;
  private @Nullable String failure;

  Intruder(String id, int window) {
    super(id, 0, null, 0);
    this.window = window;
  }

  long refused() {
    return refused;
  }

  /** Fails if anything but a refusal came. */
  void check() {
    if (failure != null) {
      throw new LoadFailure(failure);
    }
  }

  /** Fills the window. */
  void begin() {
    int room = Math.min(window, receiveMaximum()) - inFlight;
    if (room <= 0 || failure != null) {
      return;
    }
    var batch = context().alloc().directBuffer(room * template.length);
    for (int i = 0; i < room; i++) {
      int start = batch.writerIndex();
      packetId = packetId == 0xFFFF ? 1 : packetId + 1;
      batch.writeBytes(template).setShort(start + packetIdAt, packetId);
    }
    inFlight += room;
    var _ = context().writeAndFlush(batch, context().voidPromise());
  }

  @Override
  void received(int type, int flags, ByteBuf in, int end) {
    boolean isRefusal =
        type == Packets.PUBACK
            && end - in.readerIndex() > 2
            && in.getUnsignedByte(in.readerIndex() + 2) >= REFUSED;
    if (!isRefusal) {
      failure = "a publication that should have been refused was answered by type " + type;
    }
    refused++;
    inFlight--;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext source) throws Exception {
    if (inFlight <= window / 2) {
      begin();
    }
    super.channelReadComplete(source);
  }

  @Override
  void lost(String why) {
    failure = id() + ": " + why;
  }
}
