package io.sallyport.gateway.connection;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import java.util.ArrayList;
import java.util.List;

/** Any bytes are a PROXY header with a client or a refusal, in whatever pieces they come. */
class ProxyDoorFuzz {
  @FuzzTest
  void everyHeaderIsReadOrRefused(byte[] bytes) {
    var whole = read(bytes, Math.max(1, bytes.length));
    var trickled = read(bytes, 1);
    if (!whole.equals(trickled)) {
      throw new AssertionError("in one piece " + whole + ", byte by byte " + trickled);
    }
  }

  private static List<String> read(byte[] bytes, int piece) {
    var seen = new ArrayList<String>();
    var channel = new EmbeddedChannel(ProxyDoor.decoder());
    try {
      for (int at = 0; at < bytes.length && seen.isEmpty(); at += piece) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(piece, bytes.length - at)));
        if (channel.readInbound() instanceof HAProxyMessage header) {
          seen.add(header.command() + " " + ProxyDoor.client(header));
          header.release();
        }
      }
    } catch (DecoderException e) {
      seen.add("refused");
    } finally {
      close(channel);
    }
    return seen;
  }

  private static void close(EmbeddedChannel channel) {
    try {
      channel.finishAndReleaseAll();
    } catch (DecoderException e) {
      // What was not complete is refused once more when the connection ends.
    }
  }
}
