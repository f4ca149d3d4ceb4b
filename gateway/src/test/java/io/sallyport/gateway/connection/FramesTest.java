package io.sallyport.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sallyport.gateway.mqtt.MalformedPacket;
import io.sallyport.testkit.MqttClient.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Packets are the same however their bytes arrive. */
final class FramesTest {
  private static final int PACKET_MAX = 2_000;

  private final List<String> received = new ArrayList<>();
  private boolean receiving = true;
  private final Frames.Receiver receiver =
      new Frames.Receiver() {
        @Override
        public boolean isReceiving() {
          return receiving;
        }

        @Override
        public void begin(int first) {}

        @Override
        public void receive(int first, ByteBuf bytes, int start, int length) {
          received.add(first + ":" + length + ":" + bytes.slice(start, length).hashCode());
        }
      };

  private static Frames frames() {
    return new Frames(new EmbeddedChannel(), PACKET_MAX);
  }

  private void take(Frames frames, byte... bytes) throws MalformedPacket {
    var arrived = Unpooled.copiedBuffer(bytes);
    frames.take(arrived, receiver);
    arrived.release();
  }

  @Test
  void packetsAreTheSameHoweverTheirBytesArrive() throws MalformedPacket {
    var random = new SplittableRandom(3);
    for (int round = 0; round < 300; round++) {
      var stream = new Bytes();
      for (int i = 0; i < 5; i++) {
        var body = new byte[random.nextInt(300)];
        random.nextBytes(body);
        stream.raw(Bytes.packet(random.nextInt(256), body));
      }
      var bytes = stream.done();
      received.clear();
      take(frames(), bytes);
      var whole = List.copyOf(received);
      assertThat(whole).hasSize(5);
      received.clear();
      var frames = frames();
      for (int at = 0; at < bytes.length; ) {
        int end = Math.min(bytes.length, at + 1 + random.nextInt(200));
        take(frames, java.util.Arrays.copyOfRange(bytes, at, end));
        at = end;
      }
      assertThat(received).isEqualTo(whole);
    }
  }

  @Test
  void takesNoMoreMemoryForAClaimThanCameOfIt() throws MalformedPacket {
    var memory = new UnpooledByteBufAllocator(false);
    var channel = new EmbeddedChannel();
    channel.config().setAllocator(memory);
    var frames = new Frames(channel, 1 << 20);
    // PUBLISH of 200 000 bytes, of which four come.
    take(frames, (byte) 0x30, (byte) 0xC0, (byte) 0x9A, (byte) 0x0C);
    assertThat(memory.metric().usedHeapMemory()).isBetween(4L, 4L * Frames.ROOM_FOR_EACH_BYTE);
    frames.release();
    assertThat(memory.metric().usedHeapMemory()).isZero();
  }

  @Test
  void waitsWhileNothingMayBeHandled() throws MalformedPacket {
    var frames = frames();
    receiving = false;
    take(frames, (byte) 0xC0, (byte) 0);
    take(frames, (byte) 0xC0, (byte) 0, (byte) 0xC0);
    assertThat(received).isEmpty();
    receiving = true;
    frames.resume(receiver);
    assertThat(received).hasSize(2);
    take(frames, (byte) 0);
    assertThat(received).hasSize(3);
  }

  @Test
  void refusesAPacketAboveTheBoundByItsHeaderAlone() throws MalformedPacket {
    take(frames(), Bytes.packet(0x30, new byte[PACKET_MAX - 3]));
    assertThat(received).hasSize(1);
    assertThatThrownBy(() -> take(frames(), (byte) 0x30, (byte) 0xCE, (byte) 0x0F))
        .isInstanceOf(MalformedPacket.class)
        .hasMessage("packet is larger than is taken");
  }

  @Test
  void refusesALengthThatIsNoLength() {
    byte more = (byte) 0x80;
    assertThatThrownBy(() -> take(frames(), (byte) 0x30, more, more, more, more))
        .hasMessage("remaining length is too long");
    assertThatThrownBy(() -> take(frames(), (byte) 0x30, more, (byte) 0))
        .hasMessage("remaining length is not in its shortest form");
  }
}
