package io.sallyport.exchange.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.exchange.Session;
import io.sallyport.exchange.Will;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How a device's session takes leave of a broker that may see the end of the connection before the
 * packets that came on it, as Artemis does on a busy machine.
 */
@Timeout(60)
class PartingTest {
  private static final byte[] CONNACK = {0x20, 3, 0, 0, 0};
  private static final int DISCONNECT = 0xE0;

  @TempDir Path folder;
  private ServerSocket broker;

  @BeforeEach
  void listen() throws IOException {
    broker = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    broker.close();
  }

  private Device device(UpstreamLab lab) {
    var device = lab.device("device");
    return device.open(true, 0, new Will(device.message("will", "gone", 1, false), 0));
  }

  private static void greet(Socket link) throws IOException {
    var in = link.getInputStream();
    assertThat(in.read()).as("CONNECT").isEqualTo(0x10);
    int length = in.read();
    length = length < 128 ? length : length - 128 + 128 * in.read();
    in.readNBytes(length);
    link.getOutputStream().write(CONNACK);
  }

  @Test
  void whoSaysGoodbyeLeavesTheClosingToTheBroker() throws Exception {
    try (var lab = new UpstreamLab(folder, "tcp://127.0.0.1:" + broker.getLocalPort())) {
      var device = device(lab);
      try (var link = broker.accept()) {
        greet(link);
        device.hears("connected false");
        device.says(s -> s.disconnect(false, -1));
        var in = link.getInputStream();
        assertThat(in.read()).isEqualTo(DISCONNECT);
        in.readNBytes(in.read());
        link.setSoTimeout(200);
        assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
        // One that never closes is left all the same.
        link.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
        assertThat(in.read()).as("end of the connection").isNegative();
      }
    }
  }

  @Test
  void whoIsLostIsLostToTheBrokerToo() throws Exception {
    try (var lab = new UpstreamLab(folder, "tcp://127.0.0.1:" + broker.getLocalPort())) {
      var device = device(lab);
      try (var link = broker.accept()) {
        greet(link);
        device.hears("connected false");
        device.says(Session::lost);
        assertThat(link.getInputStream().read()).as("no DISCONNECT").isNegative();
      }
    }
  }
}
