package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * One device that publishes on its own topic. A message stays in its window until every subscriber
 * has it and, above QoS 0, the server has acknowledged it; so a fast publisher can lose nothing.
 * Due messages leave in one write, as from a device that has a backlog.
 */
final class Publisher extends Client {
  /** Where the sender's time and number stand in a payload. */
  static final int PAYLOAD_HEAD_BYTES = 12;

  private final int number;
  private final Flow flow;
  private final byte[] template;
  private final int packetIdAt;
  private final int payloadAt;
  private final int window;
  private @Nullable Pace pace;
  private long sent;
  private long acknowledged;
  private long deliveries;
  private int packetId;
  private boolean woken;

  Publisher(String id, int number, Flow flow, int window) {
    super(id, 0, null, 0);
    this.number = number;
    this.flow = flow;
    this.window = window;
    this.template = Packets.publish(Identities.telemetry(id), flow.qos(), flow.payloadBytes());
    this.payloadAt = template.length - flow.payloadBytes();
    this.packetIdAt = payloadAt - 3;
  }

  /** One subscriber has one more message of this publisher. */
  void delivered() {
    deliveries++;
  }

  /** Whether it is the first of a reader's turn to ask for another look at this one's window. */
  boolean wake() {
    var first = !woken;
    woken = true;
    return first;
  }

  void begin(Pace chosen) {
    pace = chosen;
  }

  void stop() {
    pace = null;
  }

  /** Sends what is due and fits the window. */
  void pump(long now) {
    woken = false;
    if (pace == null || !context().channel().isWritable()) {
      return;
    }
    var done = deliveries / flow.subscribers();
    if (flow.qos() > 0) {
      done = Math.min(done, acknowledged);
    }
    var limit = Math.min(window, flow.qos() > 0 ? receiveMaximum() : window);
    var messages = pace.due(sent, (int) (limit - (sent - done)), limit, now);
    if (messages > 0) {
      send(messages, pace, now);
    }
  }

  private void send(int messages, Pace pacing, long now) {
    var batch = context().alloc().directBuffer(messages * template.length);
    for (var i = 0; i < messages; i++) {
      write(batch, pacing.dueAt(sent, now));
      sent++;
    }
    flow.sent(messages);
    var _ = context().writeAndFlush(batch, context().voidPromise());
  }

  private void write(ByteBuf batch, long dueAt) {
    var start = batch.writerIndex();
    batch.writeBytes(template);
    if (flow.qos() > 0) {
      packetId = packetId == 0xFFFF ? 1 : packetId + 1;
      batch.setShort(start + packetIdAt, packetId);
    }
    batch.setLong(start + payloadAt, dueAt).setInt(start + payloadAt + Long.BYTES, number);
  }

  @Override
  void received(int type, int flags, ByteBuf in, int end) {
    if (type != Packets.PUBACK) {
      throw new LoadFailure("a publisher received a packet of type " + type);
    }
    if (end - in.readerIndex() > 2 && in.getUnsignedByte(in.readerIndex() + 2) >= 0x80) {
      throw new LoadFailure(
          "a publication was refused with reason " + in.getUnsignedByte(in.readerIndex() + 2));
    }
    acknowledged++;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext source) throws Exception {
    pump(System.nanoTime());
    super.channelReadComplete(source);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext source) throws Exception {
    pump(System.nanoTime());
    super.channelWritabilityChanged(source);
  }

  @Override
  void lost(String why) {
    flow.fail(id() + ": " + why);
  }
}
