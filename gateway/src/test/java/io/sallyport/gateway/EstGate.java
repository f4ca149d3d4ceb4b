package io.sallyport.gateway;

import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.builtin.BuiltInExchange;
import io.sallyport.gateway.est.Applicant;
import io.sallyport.gateway.est.CertificateService;
import io.sallyport.gateway.est.EstAnswer;
import io.sallyport.gateway.est.EstDoor;
import io.sallyport.gateway.est.EstSettings;
import io.sallyport.gateway.tls.DeviceAnchors;
import io.sallyport.gateway.tls.ServerCredentials;
import io.sallyport.gateway.tls.VerifiedDevice;
import io.sallyport.gateway.trust.TrustAge;
import io.sallyport.gateway.trust.TrustState;
import io.sallyport.gateway.trust.TrustedPrincipal;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.SecurityEvent;
import io.sallyport.policy.PolicySet;
import io.sallyport.testkit.TestCa;
import io.sallyport.testkit.TestIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A gate with an EST door, and a desk that answers as the test says. */
final class EstGate implements AutoCloseable, CertificateService {
  final TestCa ca = TestCa.create(Instant.now());
  final TrustState trust = new TrustState(TrustAge.NONE);
  final List<SecurityEvent> events = new CopyOnWriteArrayList<>();
  final List<Applicant> applicants = new CopyOnWriteArrayList<>();
  volatile Function<Applicant, EstAnswer> desk =
      _ -> new EstAnswer.Refused(EstAnswer.Why.FORBIDDEN, "nobody today");
  volatile boolean takesManufacturers;
  volatile Duration expiredMax = Duration.ZERO;
  final List<VerifiedDevice> renewed = new CopyOnWriteArrayList<>();
  final Gateway gateway;
  private final BuiltInExchange exchange;

  EstGate(
      Path directory,
      UnaryOperator<GatewayConfiguration> changes,
      UnaryOperator<EstSettings> estChanges) {
    var server = ca.server();
    gateway =
        new Gateway(
            changes.apply(TestGate.CONFIGURATION),
            new ServerCredentials(server.privateKey(), server.chain()),
            new DeviceAnchors(List.of(ca.devices()), List.of(ca.root())),
            trust,
            events::add,
            InstantSource.system());
    exchange =
        new BuiltInExchange(
            directory, ExchangeLimits.DEFAULTS, gateway.authority(), InstantSource.system());
    gateway.serve(new EstDoor(estChanges.apply(EstSettings.at("127.0.0.1", 0)), this));
    gateway.start(exchange);
  }

  int port() {
    var port = gateway.estPort();
    if (port == null) {
      throw new AssertionError("there is no EST door");
    }
    return port;
  }

  TestIdentity device(String id) {
    var device = ca.device(id);
    put(id, device, Standing.ACTIVE);
    return device;
  }

  void put(String id, TestIdentity device, Standing standing) {
    trust.put(
        new TrustedPrincipal(
            new PrincipalId(id),
            PrincipalKind.DEVICE,
            standing,
            Set.of(device.fingerprint()),
            PolicySet.of(List.of()),
            null,
            Map.of()));
    gateway.trustChanged(new PrincipalId(id));
  }

  /** A connection after its handshake; without a certificate if nobody is given. */
  SSLSocket connect(@Nullable TestIdentity device) throws IOException {
    return connect(device, "127.0.0.1");
  }

  SSLSocket connect(@Nullable TestIdentity device, String from) throws IOException {
    var context = device == null ? stranger() : device.sslContext();
    var plain = new Socket();
    plain.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
    plain.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port()));
    var socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port(), true);
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    return socket;
  }

  private SSLContext stranger() {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("root", ca.root());
      var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trusted.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trusted.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends bytes and reads until the gate ends the connection. */
  static String talk(SSLSocket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    return rest(socket);
  }

  static String rest(SSLSocket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Reads one answer, headers and body. */
  static String answer(SSLSocket socket) throws IOException {
    var read = new StringBuilder();
    var in = socket.getInputStream();
    while (read.indexOf("\r\n\r\n") < 0) {
      int one = in.read();
      if (one < 0) {
        return read.toString();
      }
      read.append((char) one);
    }
    var length =
        java.util.regex.Pattern.compile("(?i)content-length: (\\d+)").matcher(read.toString());
    if (length.find()) {
      var body = in.readNBytes(Integer.parseInt(length.group(1)));
      read.append(new String(body, StandardCharsets.ISO_8859_1));
    }
    return read.toString();
  }

  @Override
  public boolean knows(String label) {
    return label.equals("devices");
  }

  @Override
  public List<X509Certificate> caCertificates(@Nullable VerifiedDevice asking) {
    return List.of(ca.devices(), ca.root());
  }

  @Override
  public byte[] csrAttributes() {
    return new byte[0];
  }

  @Override
  public boolean takesStrangers() {
    return true;
  }

  @Override
  public boolean takesManufacturers() {
    return takesManufacturers;
  }

  @Override
  public Duration expiredMax() {
    return expiredMax;
  }

  @Override
  public EstAnswer reenrolExpired(String source, VerifiedDevice expired, byte[] request) {
    renewed.add(expired);
    return new EstAnswer.Refused(EstAnswer.Why.FORBIDDEN, "the desk was asked");
  }

  @Override
  public EstAnswer enrol(Applicant applicant, byte[] request) {
    return reenrol(applicant, request);
  }

  @Override
  public EstAnswer reenrol(Applicant applicant, byte[] request) {
    applicants.add(applicant);
    return desk.apply(applicant);
  }

  @Override
  public void close() {
    gateway.close();
    exchange.close();
  }
}
