package io.sallyport.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Collects what goes to one client, so that the packets of one turn of its loop leave together: in
 * few TLS records and one send. Holds a buffer only between the first packet and the flush.
 */
// What becomes of a write or a close shows in the channel itself: it is gone, or soon will be.
@SuppressWarnings("FutureReturnValueIgnored")
final class OutboundBatch {
  /** A payload of up to this many bytes is copied in; a larger one is sent from where it lies. */
  static final int COPY_MAX = 2 << 10;

  // One TLS record holds this much.
  private static final int BATCH_MAX = 16 << 10;
  private static final int BATCH_FIRST = 256;

  private final Channel channel;
  private final FlushQueue flushes;
  private final Carried carried;
  private @Nullable ByteBuf batch;
  private boolean queued;

  OutboundBatch(Channel channel, FlushQueue flushes, Carried carried) {
    this.channel = channel;
    this.flushes = flushes;
    this.carried = carried;
  }

  /** A buffer with room for so many bytes, to write one packet or its head into. */
  ByteBuf room(int bytes) {
    if (!queued) {
      queued = true;
      flushes.add(this);
    }
    var open = batch;
    if (open != null && open.maxWritableBytes() >= bytes) {
      return open;
    }
    finish();
    var fresh =
        channel.alloc().directBuffer(Math.max(bytes, BATCH_FIRST), Math.max(bytes, BATCH_MAX));
    batch = fresh;
    return fresh;
  }

  /** Sends bytes from where they lie, after what is in the batch; nobody may write to them. */
  void append(byte[] bytes) {
    finish();
    carried.bytes(bytes.length);
    channel.write(Unpooled.wrappedBuffer(bytes), channel.voidPromise());
  }

  /** Sends all of it. */
  void flush() {
    queued = false;
    finish();
    channel.flush();
  }

  private void finish() {
    var full = batch;
    if (full != null) {
      batch = null;
      carried.bytes(full.readableBytes());
      channel.write(full, channel.voidPromise());
    }
  }
}
