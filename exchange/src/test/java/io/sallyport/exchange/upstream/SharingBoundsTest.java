package io.sallyport.exchange.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the sharing of connections ends: how much is on its way, how many are remembered. */
class SharingBoundsTest {
  private static final int PACKET_IDS = 65_535;
  private static final int SUBSCRIBERS = 100_000;

  @TempDir Path folder;

  @Test
  void asManyAsThereArePacketIdsAreOnTheirWayAndNoMore() throws Exception {
    try (var broker = new SilentBroker();
        var lab = new UpstreamLab(folder, broker.settings(), UpstreamLab.ALL_WILLS)) {
      var many = lab.device("many").connected();
      var one = lab.device("one").connected();
      many.says(
          session -> {
            for (int id = 1; id <= PACKET_IDS; id++) {
              session.publish(many.message("t", "first", 1, false), id, false);
            }
          });
      one.publishes("t", "last", 1, false, 5);

      var ids = new HashSet<Integer>();
      for (int count = 0; count < PACKET_IDS; count++) {
        var heard = broker.hears();
        assertThat(heard.payload()).isEqualTo("first");
        assertThat(ids.add(heard.id())).as("unused: %s", heard.id()).isTrue();
      }
      assertThat(broker.hearsWithin(Duration.ofMillis(300))).as("nothing more").isNull();

      broker.acknowledges(777);
      many.hears("puback 777 SUCCESS");
      assertThat(broker.hears()).isEqualTo(new Heard(777, "last"));
      broker.acknowledges(777);
      one.hears("puback 5 SUCCESS");
    }
  }

  @Test
  void whoSubscribedLastIsRemembered() {
    var sessions = new Sessions(1);
    for (int number = 0; number <= SUBSCRIBERS; number++) {
      sessions.subscribes("device-" + number);
    }
    assertThat(sessions.isSubscriber("device-0")).isFalse();
    assertThat(sessions.isSubscriber("device-1")).isTrue();

    sessions.subscribes("device-1");
    sessions.subscribes("another");
    assertThat(sessions.isSubscriber("device-1")).isTrue();
    assertThat(sessions.isSubscriber("device-2")).isFalse();
  }

  /** A publication as the broker read it. */
  private record Heard(int id, String payload) {}

  /** Takes one connection and everything on it, and acknowledges when it is told to. */
  private static final class SilentBroker implements AutoCloseable {
    private static final byte[] CONNACK = {0x20, 3, 0, 0, 0};
    private static final byte[] PINGRESP = {(byte) 0xD0, 0};

    private final ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private volatile @Nullable Socket line;

    SilentBroker() throws IOException {
      Thread.ofPlatform().daemon().start(this::listen);
    }

    UpstreamSettings settings() {
      var plain =
          UpstreamLab.settings(
              "tcp://127.0.0.1:" + door.getLocalPort(), UpstreamSettings.Protocol.V5);
      return new UpstreamSettings(
          plain.upstream(),
          plain.tls(),
          plain.credential(),
          plain.protocol(),
          false,
          plain.connectTimeout(),
          plain.retryMax(),
          plain.keepAliveSeconds(),
          plain.packetSizeMax(),
          new UpstreamSettings.Sharing(1, "gateway"));
    }

    private void listen() {
      try (var socket = door.accept()) {
        line = socket;
        var in = new DataInputStream(socket.getInputStream());
        for (int first = in.read(); first >= 0; first = in.read()) {
          take(first >> 4, packet(in), socket);
        }
      } catch (IOException _) {
        // Closed.
      }
    }

    private static ByteBuffer packet(DataInputStream in) throws IOException {
      int length = 0;
      int part = 0x80;
      for (int shift = 0; part >= 0x80; shift += 7) {
        part = in.readUnsignedByte();
        length |= (part & 0x7F) << shift;
      }
      return ByteBuffer.wrap(in.readNBytes(length));
    }

    private void take(int type, ByteBuffer packet, Socket socket) throws IOException {
      switch (type) {
        case 1 -> socket.getOutputStream().write(CONNACK);
        case 3 -> {
          packet.position(2 + packet.getShort(0));
          int id = Short.toUnsignedInt(packet.getShort());
          packet.position(packet.position() + 1 + packet.get(packet.position()));
          heard.add(new Heard(id, UTF_8.decode(packet).toString()));
        }
        case 12 -> socket.getOutputStream().write(PINGRESP);
        default -> {
          // It says nothing that has to be answered.
        }
      }
    }

    Heard hears() throws InterruptedException {
      var next = hearsWithin(Duration.ofSeconds(20));
      if (next == null) {
        throw new AssertionError("nothing came");
      }
      return next;
    }

    @Nullable Heard hearsWithin(Duration time) throws InterruptedException {
      return heard.poll(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    void acknowledges(int id) throws IOException {
      var socket = line;
      if (socket == null) {
        throw new AssertionError("nobody came");
      }
      socket.getOutputStream().write(new byte[] {0x40, 2, (byte) (id >> 8), (byte) id});
    }

    @Override
    public void close() throws IOException {
      door.close();
      var socket = line;
      if (socket != null) {
        socket.close();
      }
    }
  }
}
