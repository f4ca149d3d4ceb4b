package io.sallyport.gateway.mqtt;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;

/** Any bytes are a packet or a refusal, and nothing else. */
class PacketReaderFuzz {
  @FuzzTest
  void everyPacketIsReadOrRefused(byte[] bytes) {
    if (bytes.length < 2) {
      return;
    }
    var reader = new PacketReader(32, 32, 8 << 10);
    reader.cursor().over(Unpooled.wrappedBuffer(bytes), 2, bytes.length - 2);
    var version = (bytes[0] & 1) == 0 ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1;
    try {
      PacketReaderTest.read(reader, bytes[1] & 0xFF, version);
    } catch (MalformedPacket e) {
      if (!e.reason().isFailure()) {
        throw new AssertionError("a refusal that says that all is well", e);
      }
    }
  }
}
