package io.sallyport.gateway.connection;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sallyport.gateway.mqtt.MalformedPacket;
import java.util.ArrayList;
import java.util.List;

/** Any bytes are the same packets, or the same refusal, in whatever pieces they come. */
class FramesFuzz {
  private static final int PACKET_MAX = 300;

  /** The first byte is the length of the pieces. */
  @FuzzTest
  void piecesDoNotMatter(byte[] bytes) {
    if (bytes.length < 2) {
      return;
    }
    var whole = cut(bytes, bytes.length);
    var pieces = cut(bytes, 1 + (bytes[0] & 0xFF));
    if (!whole.equals(pieces)) {
      throw new AssertionError("in one piece " + whole + ", in several " + pieces);
    }
  }

  private static List<String> cut(byte[] bytes, int piece) {
    var packets = new Packets();
    var frames = new Frames(new EmbeddedChannel(), PACKET_MAX);
    try {
      for (int at = 1; at < bytes.length; at += piece) {
        var arrived = Unpooled.copiedBuffer(bytes, at, Math.min(piece, bytes.length - at));
        try {
          frames.take(arrived, packets);
        } finally {
          arrived.release();
        }
      }
    } catch (MalformedPacket e) {
      packets.seen.add(e.getMessage());
    } finally {
      frames.release();
    }
    return packets.seen;
  }

  private static final class Packets implements Frames.Receiver {
    private final List<String> seen = new ArrayList<>();

    @Override
    public boolean isReceiving() {
      return true;
    }

    @Override
    public void begin(int first) {}

    @Override
    public void receive(int first, ByteBuf bytes, int start, int length) {
      if (length > PACKET_MAX) {
        throw new AssertionError("a packet above the bound: " + length);
      }
      seen.add(first + ":" + bytes.slice(start, length).hashCode());
    }
  }
}
