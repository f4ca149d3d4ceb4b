package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.exchange.Ended;
import io.sallyport.exchange.Exchange;
import io.sallyport.exchange.ExchangeStatistics;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Session;
import io.sallyport.gateway.defence.AddressBlock;
import io.sallyport.gateway.defence.BanSettings;
import io.sallyport.gateway.tls.TlsSettings;
import io.sallyport.identity.PrincipalId;
import io.sallyport.ledger.EventType;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.TestIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Load balancers say whom they forward, and nobody else can. */
@Timeout(60)
final class ProxyProtocolTest {
  private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
  private static final int TCP4 = 0x11;
  private static final int TCP6 = 0x21;
  private static final String CLIENT = "203.0.113.9";

  @TempDir Path directory;

  private TestGate gate(String balancers, UnaryOperator<GatewayConfiguration> changes) {
    return gate(balancers, changes, UnaryOperator.identity());
  }

  private TestGate gate(
      String balancers,
      UnaryOperator<GatewayConfiguration> changes,
      UnaryOperator<Exchange> around) {
    return TestGate.open(
        directory,
        c ->
            changes.apply(
                c.withListeners(
                    List.of(
                        c.listeners().getFirst().behind(List.of(AddressBlock.parse(balancers)))))),
        around);
  }

  private TestGate gate() {
    return gate("127.0.0.1", UnaryOperator.identity());
  }

  private static byte[] header(int command, int family, byte... rest) {
    return new Bytes()
        .raw(SIGNATURE)
        .u8(0x20 | command)
        .u8(family)
        .u16(rest.length)
        .raw(rest)
        .done();
  }

  private static byte[] proxied(String client, byte... more) {
    var address = InetAddress.ofLiteral(client).getAddress();
    var body = new Bytes().raw(address).raw(address).u16(4711).u16(8883).raw(more).done();
    return header(1, address.length == 4 ? TCP4 : TCP6, body);
  }

  private static Socket socket(TestGate gate, String from) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gate.port()));
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static MqttClient client(TestGate gate, TestIdentity device, byte[] header)
      throws IOException {
    var plain = socket(gate, "127.0.0.1");
    plain.getOutputStream().write(header);
    var tls =
        device.sslContext().getSocketFactory().createSocket(plain, "localhost", gate.port(), true);
    return MqttClient.over((SSLSocket) tls, 5);
  }

  private static boolean isClosed(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static void assertRefused(TestGate gate, byte[] bytes) throws IOException {
    long before = gate.gateway.statistics().refusedProxy();
    try (var socket = socket(gate, "127.0.0.1")) {
      socket.getOutputStream().write(bytes);
      assertThat(isClosed(socket)).isTrue();
    }
    expectRefusals(gate, before + 1);
    assertThat(gate.gateway.statistics().sessions()).isZero();
  }

  private static void expectRefusals(TestGate gate, long count) {
    TestGate.eventually(
        () -> gate.gateway.statistics().refusedProxy() == count,
        () -> gate.gateway.statistics().toString());
  }

  private static void assertKnownAs(TestGate gate, String id, byte[] header, String address)
      throws IOException {
    try (var client = client(gate, gate.device(id), header)) {
      assertThat(client.connect(id).at(1)).isZero();
      assertThat(gate.gateway.connections(new PrincipalId(id)))
          .singleElement()
          .satisfies(live -> assertThat(live.address()).isEqualTo(address));
    }
  }

  @Test
  void theClientIsWhomTheBalancerNames() throws IOException {
    try (var gate = gate()) {
      assertKnownAs(gate, "four", proxied(CLIENT), CLIENT + ":4711");
      assertKnownAs(gate, "six", proxied("2001:db8::9"), "2001:db8:0:0:0:0:0:9:4711");
      // A name that the balancer saw, and something unknown: neither matters.
      var more = new Bytes().u8(2).u16(1).raw((byte) 'x').u8(0xE0).u16(3).raw(new byte[3]).done();
      assertKnownAs(gate, "more", proxied(CLIENT, more), CLIENT + ":4711");
    }
  }

  /** An exchange that forwards to a broker tells it this address. */
  @Test
  void theExchangeIsToldTheClientsAddressAndNotTheBalancers() throws IOException {
    var told = new CopyOnWriteArrayList<InetSocketAddress>();
    UnaryOperator<Exchange> recorded = exchange -> new SourceRecorder(exchange, told);
    try (var gate = gate("127.0.0.1", UnaryOperator.identity(), recorded);
        var client = client(gate, gate.device("device"), proxied(CLIENT))) {
      assertThat(client.connect("device").at(1)).isZero();
    }
    assertThat(told).containsExactly(new InetSocketAddress(InetAddress.ofLiteral(CLIENT), 4711));
  }

  private record SourceRecorder(Exchange inner, List<InetSocketAddress> told) implements Exchange {
    @Override
    public Session open(Opening opening, Outlet outlet) {
      told.add(Objects.requireNonNull(outlet.source(), "known"));
      return inner.open(opening, outlet);
    }

    @Override
    public Ended end(PrincipalId principal, Reason reason) {
      return inner.end(principal, reason);
    }

    @Override
    public ExchangeStatistics statistics() {
      return inner.statistics();
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  @Test
  void conditionsSeeTheClientsAddress() throws IOException {
    try (var gate = gate()) {
      var device = gate.ca.device("placed");
      var statement =
          "{\"Effect\":\"Allow\",\"Action\":\"iot:Connect\",\"Resource\":\"*\",\"Condition\":"
              + "{\"IpAddress\":{\"aws:SourceIp\":\"203.0.113.0/24\"}}}";
      gate.put("placed", device, io.sallyport.identity.Standing.ACTIVE, TestGate.parsed(statement));
      try (var inside = client(gate, device, proxied(CLIENT))) {
        assertThat(inside.connect("placed").at(1)).isZero();
      }
      try (var outside = client(gate, device, proxied("198.51.100.1"))) {
        assertThat(outside.connect("placed").at(1)).isEqualTo(0x87);
      }
      gate.expectEvent(EventType.CONNECT_REFUSED, "198.51.100.1");
    }
  }

  /** The balancer looks whether we are there: with its own address, and TLS like everybody. */
  @Test
  void aConnectionOfTheBalancerItself() throws IOException {
    try (var gate = gate();
        var client = client(gate, gate.device("probe"), header(0, 0))) {
      assertThat(client.connect("probe").at(1)).isZero();
      assertThat(gate.gateway.connections(new PrincipalId("probe")))
          .singleElement()
          .satisfies(live -> assertThat(live.address()).startsWith("127.0.0.1:"));
    }
  }

  @Test
  void aForgedHeaderOfSomebodyWhoIsNoBalancer() throws IOException {
    try (var gate = gate();
        var socket = socket(gate, "127.0.0.2")) {
      assertThat(isClosed(socket)).isTrue();
      expectRefusals(gate, 1);
      gate.expectEvent(EventType.HANDSHAKE_REFUSED, "only load balancers");
    }
  }

  @Test
  void aForgedHeaderWhereNoBalancerIsNamed() throws IOException {
    try (var gate = TestGate.open(directory);
        var socket = socket(gate, "127.0.0.1")) {
      socket.getOutputStream().write(proxied(CLIENT));
      assertThat(isClosed(socket)).isTrue();
      assertThat(gate.gateway.statistics().refusedPlain()).isEqualTo(1);
    }
  }

  @Test
  void noHeaderAtAll() throws IOException {
    try (var gate = gate();
        var socket = socket(gate, "127.0.0.1")) {
      socket
          .getOutputStream()
          .write(new Bytes().u8(0x16).u16(0x0301).u16(500).raw(new byte[500]).done());
      assertThat(isClosed(socket)).isTrue();
      expectRefusals(gate, 1);
    }
  }

  @Test
  void versionOne() throws IOException {
    try (var gate = gate()) {
      assertRefused(
          gate,
          "PROXY TCP4 203.0.113.9 127.0.0.1 1 2\r\n"
              .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
  }

  /** Unspecified, UDP, and a socket of the file system. */
  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x12, 0x31, 0x41})
  void familiesThatNameNoClient(int family) throws IOException {
    try (var gate = gate()) {
      assertRefused(gate, header(1, family, new byte[216]));
    }
  }

  @Test
  void anUnknownCommandOrTooFewBytesForTheAddress() throws IOException {
    try (var gate = gate()) {
      assertRefused(gate, header(7, TCP4, new byte[12]));
      assertRefused(gate, header(1, TCP4, new byte[5]));
    }
  }

  @Test
  void moreAfterTheAddressesThanTheBound() throws IOException {
    try (var gate = gate()) {
      var large = new Bytes().u8(0xE0).u16(8_000).raw(new byte[8_000]).done();
      assertRefused(gate, proxied(CLIENT, large));
    }
  }

  @Test
  void aHeaderThatIsCutOff() throws IOException {
    try (var gate = gate();
        var socket = socket(gate, "127.0.0.1")) {
      socket.getOutputStream().write(proxied(CLIENT), 0, 20);
      socket.shutdownOutput();
      assertThat(isClosed(socket)).isTrue();
      TestGate.eventually(() -> gate.gateway.statistics().handshaking() == 0, () -> "none left");
    }
  }

  @Test
  void aHeaderThatTrickles() throws IOException {
    var brief = TlsSettings.DEFAULTS.withHandshakeTimeout(Duration.ofMillis(500));
    try (var gate = gate("127.0.0.1", c -> c.withTls(brief));
        var socket = socket(gate, "127.0.0.1")) {
      socket.getOutputStream().write(proxied(CLIENT), 0, 15);
      assertThat(isClosed(socket)).as("before its last byte").isTrue();
      TestGate.eventually(() -> gate.gateway.statistics().timedOut() == 1, () -> "timed out");
    }
  }

  @Test
  void bansMeetTheClientAndNeverTheBalancer() throws IOException {
    var once =
        new BanSettings(1, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofDays(1), 9);
    try (var gate =
        gate("127.0.0.1", c -> c.withDefence(c.defence().withTrusted(List.of()).withBans(once)))) {
      try (var plain = socket(gate, "127.0.0.1")) {
        plain.getOutputStream().write(new Bytes().raw(proxied(CLIENT)).raw(new byte[20]).done());
        assertThat(isClosed(plain)).isTrue();
      }
      assertThat(gate.gateway.bans().list())
          .singleElement()
          .satisfies(ban -> assertThat(ban.source()).hasToString(CLIENT));
      try (var again = socket(gate, "127.0.0.1")) {
        again.getOutputStream().write(proxied(CLIENT));
        assertThat(isClosed(again)).isTrue();
      }
      assertThat(gate.gateway.statistics().refusedBanned()).isEqualTo(1);
      assertRefused(gate, header(1, 0));
      assertKnownAs(gate, "other", proxied("203.0.113.10"), "203.0.113.10:4711");
    }
  }
}
