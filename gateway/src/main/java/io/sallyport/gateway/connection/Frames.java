package io.sallyport.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.sallyport.exchange.Reason;
import io.sallyport.gateway.mqtt.MalformedPacket;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a connection's bytes into packets. Holds a buffer only while a packet is not complete or may
 * not be handled yet.
 */
final class Frames {
  /** Takes complete packets. */
  interface Receiver {
    /** Whether packets may be handled now; asked before each. */
    boolean isReceiving();

    /** Takes the first byte of a packet, before the packet is complete. */
    void begin(int first) throws MalformedPacket;

    /** Takes one packet: its first byte and where its inside lies. */
    void receive(int first, ByteBuf bytes, int start, int length) throws MalformedPacket;
  }

  private static final int LENGTH_BYTES_MAX = 4;
  private static final long INCOMPLETE = -1;

  /** Bound: so many bytes are taken of the memory for each that came of a packet. */
  static final int ROOM_FOR_EACH_BYTE = 8;

  private final Channel channel;
  private final int packetSizeMax;
  private @Nullable ByteBuf kept;

  Frames(Channel channel, int packetSizeMax) {
    this.channel = channel;
    this.packetSizeMax = packetSizeMax;
  }

  /** Takes bytes that arrived; they stay the caller's to release. */
  void take(ByteBuf arrived, Receiver receiver) throws MalformedPacket {
    var before = kept;
    if (before == null) {
      cut(arrived, receiver);
      if (arrived.isReadable() && kept == null) {
        kept = channel.alloc().buffer(capacity(arrived, receiver)).writeBytes(arrived);
      }
      return;
    }
    // Bound: a packet that is not complete is below the maximum packet size, and what is read
    // while packets wait ends with the socket's read buffer, because reading is switched off.
    before.writeBytes(arrived);
    resume(receiver);
  }

  /**
   * Room for all of the packet that has begun, lest a large one is copied each time that its buffer
   * doubles; but not for more than what came makes likely, since a length is easily claimed.
   */
  private int capacity(ByteBuf arrived, Receiver receiver) throws MalformedPacket {
    int there = arrived.readableBytes();
    if (there < 2 || !receiver.isReceiving()) {
      return there;
    }
    long header = header(arrived);
    long whole = header == INCOMPLETE ? there : (header >>> 32) + (int) header;
    return Math.clamp(whole, there, there * ROOM_FOR_EACH_BYTE);
  }

  /** Handles what was kept, as far as it goes. */
  void resume(Receiver receiver) throws MalformedPacket {
    var bytes = kept;
    if (bytes == null) {
      return;
    }
    cut(bytes, receiver);
    if (kept == null) {
      // Released, because a packet in it ended the connection.
      return;
    }
    if (bytes.isReadable()) {
      bytes.discardSomeReadBytes();
    } else {
      release();
    }
  }

  void release() {
    var bytes = kept;
    if (bytes != null) {
      kept = null;
      bytes.release();
    }
  }

  private void cut(ByteBuf bytes, Receiver receiver) throws MalformedPacket {
    while (receiver.isReceiving() && bytes.readableBytes() >= 2) {
      int first = bytes.getUnsignedByte(bytes.readerIndex());
      receiver.begin(first);
      long header = header(bytes);
      int start = bytes.readerIndex() + (int) (header >>> 32);
      int length = (int) header;
      if (header == INCOMPLETE || length > bytes.writerIndex() - start) {
        return;
      }
      // The buffer may be released while the packet is handled: the reader index comes first.
      bytes.readerIndex(start + length);
      receiver.receive(first, bytes, start, length);
    }
  }

  /** The fixed header's length in the upper half, the remaining length in the lower. */
  private long header(ByteBuf bytes) throws MalformedPacket {
    int at = bytes.readerIndex() + 1;
    int length = 0;
    for (int i = 0; i < LENGTH_BYTES_MAX; i++) {
      if (at + i == bytes.writerIndex()) {
        return INCOMPLETE;
      }
      int b = bytes.getUnsignedByte(at + i);
      length |= (b & 0x7F) << (7 * i);
      if (b < 0x80) {
        return checked(b == 0 && i > 0, 2 + i, length);
      }
    }
    throw new MalformedPacket(Reason.MALFORMED_PACKET, "remaining length is too long");
  }

  private long checked(boolean overlong, int headerLength, int length) throws MalformedPacket {
    if (overlong) {
      throw new MalformedPacket(
          Reason.MALFORMED_PACKET, "remaining length is not in its shortest form");
    }
    if (headerLength + length > packetSizeMax) {
      throw new MalformedPacket(Reason.PACKET_TOO_LARGE, "packet is larger than is taken");
    }
    return ((long) headerLength << 32) | length;
  }
}
