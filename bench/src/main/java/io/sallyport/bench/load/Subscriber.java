package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A backend that takes every device's telemetry, acknowledges it in batches and counts it. */
final class Subscriber extends Client {
  private static final String FILTER = "devices/+/telemetry";
  private static final int ACKNOWLEDGEMENT_BYTES = 4;

  private final Flow flow;
  private final List<Publisher> publishers;
  private final List<Publisher> freed = new ArrayList<>();
  private @Nullable ByteBuf acknowledgements;
  private long now;

  Subscriber(String id, long expirySeconds, Flow flow, List<Publisher> publishers) {
    super(id, expirySeconds, FILTER, flow.qos());
    this.flow = flow;
    this.publishers = publishers;
  }

  @Override
  public void channelRead(ChannelHandlerContext source, Object bytes) throws Exception {
    now = System.nanoTime();
    super.channelRead(source, bytes);
  }

  @Override
  void received(int type, int flags, ByteBuf in, int end) {
    if (type != Packets.PUBLISH) {
      throw new LoadFailure("a subscriber received a packet of type " + type);
    }
    in.skipBytes(in.readUnsignedShort());
    var qos = flags >> 1 & 3;
    if (qos > 0) {
      acknowledge(in.readUnsignedShort());
    }
    in.skipBytes(VariableInteger.read(in));
    flow.delivered(now - in.readLong());
    var publisher = publishers.get(in.readInt());
    publisher.delivered();
    if (publisher.wake()) {
      freed.add(publisher);
    }
  }

  private void acknowledge(int packetId) {
    if (acknowledgements == null) {
      acknowledgements = context().alloc().directBuffer(64 * ACKNOWLEDGEMENT_BYTES);
    }
    Packets.puback(acknowledgements, packetId);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext source) throws Exception {
    if (acknowledgements != null) {
      var _ = source.writeAndFlush(acknowledgements, source.voidPromise());
      acknowledgements = null;
    }
    // Only those whose windows have changed: a fleet is too large to ask everybody each time.
    for (var publisher : freed) {
      publisher.pump(now);
    }
    freed.clear();
    super.channelReadComplete(source);
  }

  @Override
  void lost(String why) {
    flow.fail(id() + ": " + why);
  }
}
