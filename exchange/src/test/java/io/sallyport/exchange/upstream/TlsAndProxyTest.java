package io.sallyport.exchange.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.sallyport.exchange.upstream.UpstreamSettings.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the broker must prove before it hears anything, and what it is told of the device. */
class TlsAndProxyTest {
  private static final String REQUEST =
      "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";

  @TempDir Path folder;

  private void run(String line) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder("sh", "-c", line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    assertThat(process.waitFor()).as(line).isZero();
  }

  private void authority(String name) throws IOException, InterruptedException {
    run(
        REQUEST
            + "-x509 -days 2 -subj /CN="
            + name
            + " -keyout "
            + name
            + ".key -out "
            + name
            + ".crt");
  }

  private void issue(String ca, String name, String san) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("san.txt"), "subjectAltName=" + san + "\n");
    run(REQUEST + "-subj /CN=" + name + " -keyout " + name + ".key -out " + name + ".csr");
    run(
        ("openssl x509 -req -days 2 -in " + name + ".csr -CA " + ca + ".crt -CAkey " + ca)
            + (".key -CAcreateserial -extfile san.txt -out " + name + ".crt"));
  }

  private RealBroker broker(String certificate) {
    return RealBroker.start(
        folder,
        "cafile " + folder.resolve("ca.crt"),
        "certfile " + folder.resolve(certificate + ".crt"),
        "keyfile " + folder.resolve(certificate + ".key"),
        "require_certificate true");
  }

  private UpstreamLab lab(RealBroker broker, String trust) {
    var files =
        new UpstreamSettings.Tls(
            folder.resolve(trust + ".crt"),
            folder.resolve("gateway.crt"),
            folder.resolve("gateway.key"));
    return new UpstreamLab(
        folder.resolve(trust),
        UpstreamLab.settings("ssl://localhost:" + broker.port(), Protocol.V5, files, false),
        UpstreamLab.ALL_WILLS);
  }

  @Test
  void speaksOnlyToABrokerOfItsAuthorityAndName() throws Exception {
    authority("ca");
    authority("other");
    issue("ca", "broker", "DNS:localhost");
    issue("ca", "stranger", "DNS:elsewhere.example");
    issue("ca", "gateway", "DNS:gateway");
    try (var broker = broker("broker")) {
      try (var lab = lab(broker, "ca")) {
        var device = lab.device("device").connected();
        device.publishes("t", "x", 1, false, 1);
        assertThat(device.hearsSomething()).startsWith("puback 1");
      }
      try (var lab = lab(broker, "other")) {
        lab.device("wrong-ca").open(true, 0).hears("close SERVER_UNAVAILABLE");
      }
      assertThat(broker.log()).contains("as device").doesNotContain("as wrong-ca");
    }
    try (var broker = broker("stranger");
        var lab = lab(broker, "ca")) {
      lab.device("wrong-host").open(true, 0).hears("close SERVER_UNAVAILABLE");
      assertThat(broker.log()).doesNotContain("as wrong-host");
    }
  }

  @Test
  void namesTheDevicesAddressFirst() throws Exception {
    try (var listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      int port = listener.getLocalPort();
      var settings =
          UpstreamLab.settings("tcp://127.0.0.1:" + port, Protocol.V5, UpstreamLab.NO_FILES, true);
      try (var lab = new UpstreamLab(folder, settings, UpstreamLab.ALL_WILLS)) {
        var device = lab.device("device");
        device.source = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 0x1234);
        device.open(true, 0);
        try (var socket = listener.accept()) {
          var header = socket.getInputStream().readNBytes(28);
          assertThat(ByteBufUtil.hexDump(header))
              .isEqualTo(
                  "0d0a0d0a000d0a515549540a"
                      + "2111000c"
                      + "c0000207"
                      + "7f000001"
                      + "1234"
                      + "%04x".formatted(port));
          assertThat(socket.getInputStream().read()).as("CONNECT follows").isEqualTo(0x10);
        }
      }
    }
  }
}
