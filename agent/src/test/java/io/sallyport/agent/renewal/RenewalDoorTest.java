package io.sallyport.agent.renewal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.bundle.Identity;
import io.sallyport.agent.bundle.Pins;
import io.sallyport.agent.bundle.Server;
import io.sallyport.agent.renewal.RenewalDoor.Answer;
import io.sallyport.agent.tls.DeviceTls;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.DeviceKeys;
import io.sallyport.identity.rotation.device.Refusal;
import io.sallyport.testkit.TestCa;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The door for expired certificates, as EST servers answer. */
@SuppressWarnings("NullAway.Init")
class RenewalDoorTest {
  @SuppressWarnings("TimeInStaticInitializer") // Certificates of one run.
  private static final TestCa CA = TestCa.create(Instant.now());

  private record Said(int code, String body) {}

  private final Map<String, Said> answers = new ConcurrentHashMap<>();
  private final Map<String, String> heard = new ConcurrentHashMap<>();
  private HttpsServer server;
  private String request;

  @BeforeEach
  void open() throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(CA.server().sslContext()));
    server.createContext(
        "/.well-known/est/",
        exchange -> {
          var path = exchange.getRequestURI().getPath();
          var operation = path.substring(path.lastIndexOf('/') + 1);
          heard.put(operation, new String(exchange.getRequestBody().readAllBytes(), US_ASCII));
          var said = answers.getOrDefault(operation, new Said(404, "nothing here"));
          var body = said.body().getBytes(US_ASCII);
          exchange.sendResponseHeaders(said.code(), body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    answers.put("cacerts", new Said(200, pkcs7(CA.root(), CA.devices())));
    try (var keys = DeviceKeys.generate(PrincipalKind.DEVICE, new PrincipalId("d-1"))) {
      request = keys.requestPem();
    }
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private static String pkcs7(X509Certificate... certificates) throws Exception {
    var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificates));
    return Base64.getMimeEncoder().encodeToString(path.getEncoded("PKCS7"));
  }

  private static Bundle bundle(Server where) throws Exception {
    var device = CA.device("d-1");
    var key = new String(Pem.encode("PRIVATE KEY", device.privateKey().getEncoded()), US_ASCII);
    return new Bundle(
        where, CA.root(), new Pins(List.of()), Identity.of(Pem.of(device.chain()), key));
  }

  private Answer ask() throws Exception {
    return ask(new Server("localhost", server.getAddress().getPort()));
  }

  private Answer ask(Server where) throws Exception {
    return new RenewalDoor(where)
        .renew(new DeviceTls(bundle(where), InstantSource.system()), request);
  }

  private Answer.Refused refused() throws Exception {
    return (Answer.Refused) ask();
  }

  @Test
  void aCertificateComesWithItsIssuer() throws Exception {
    var issued = CA.device("d-1").certificate();
    answers.put("simplereenroll", new Said(200, pkcs7(issued)));

    var answer = (Answer.Issued) ask();

    assertThat(Pem.certificates(answer.pem())).containsExactly(issued, CA.devices());
    var sent = Base64.getMimeDecoder().decode(Objects.requireNonNull(heard.get("simplereenroll")));
    assertThat(sent).isEqualTo(Pem.decode(request, "CERTIFICATE REQUEST"));
  }

  @ParameterizedTest
  @CsvSource({
    "202, UNREACHABLE, approval",
    "403, REFUSED, 403",
    "404, REFUSED, 404",
    "500, UNREACHABLE, 500",
    "503, UNREACHABLE, 503"
  })
  void whatIsNoCertificateIsARefusalOfItsKind(int code, Refusal because, String why)
      throws Exception {
    answers.put("simplereenroll", new Said(code, "words"));
    assertThat(refused().because()).isEqualTo(because);
    assertThat(refused().why()).contains(why);
  }

  @ParameterizedTest
  @CsvSource({"''", "'!!!'", "'AAAA'"})
  void anAnswerThatHoldsNoneIsNone(String body) throws Exception {
    answers.put("simplereenroll", new Said(200, body));
    assertThat(refused().because()).isEqualTo(Refusal.UNREACHABLE);
  }

  @Test
  void nothingIsAskedOfAServerThatDoesNotShowItsAuthorities() throws Exception {
    answers.put("cacerts", new Said(503, ""));
    assertThat(refused().why()).contains("CAs");
    assertThat(heard).doesNotContainKey("simplereenroll");
  }

  @Test
  void anAnswerWithoutEndIsNotRead() throws Exception {
    answers.put("cacerts", new Said(200, "A".repeat(200_000)));
    assertThat(refused().because()).isEqualTo(Refusal.UNREACHABLE);
  }

  @Test
  void nobodyThereSaysNothingOfTheCertificate() throws Exception {
    int port = server.getAddress().getPort();
    server.stop(0);
    var answer = (Answer.Refused) ask(new Server("localhost", port));
    assertThat(answer.because()).isEqualTo(Refusal.UNREACHABLE);
  }

  @Test
  void anotherCasServerIsNotTalkedTo() throws Exception {
    server.stop(0);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(TestCa.create(Instant.now()).server().sslContext()));
    server.start();
    assertThat(refused().because()).isEqualTo(Refusal.UNREACHABLE);
    assertThat(heard).isEmpty();
  }
}
