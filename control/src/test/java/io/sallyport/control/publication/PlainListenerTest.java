package io.sallyport.control.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.control.TestDatabase;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.OcspRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one door without TLS: what it opens, and that it opens nothing else. */
class PlainListenerTest {
  private static final String STATUS_REQUEST = "application/ocsp-request";

  private final Office office = new Office(TestDatabase.SQLITE);
  private final int port =
      office.publication.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    http.close();
    office.close();
  }

  @Test
  void servesListsWithHowLongTheyMayBeKept() throws Exception {
    var answer = get("/crl/devices.crl");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Content-Type")).isEqualTo("application/pkix-crl");
    assertThat(header(answer, "Cache-Control")).startsWith("max-age=300, public");
    assertThat(header(answer, "Expires")).endsWith("GMT");
    assertThat(get("/crl/devices-63.crl").statusCode()).isEqualTo(200);
    assertThat(get("/crl/servers.crl").statusCode()).isEqualTo(200);
  }

  @Test
  void servesAProofOnlyWhileItIsLookedFor() throws Exception {
    var pages = office.publication.validations();
    pages.begin("t0ken_-", "t0ken_-.thumbprint");
    var page = get("/.well-known/acme-challenge/t0ken_-");
    pages.end("t0ken_-");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).asString().contains("t0ken_-.thumbprint");
    assertThat(header(page, "Cache-Control")).isEqualTo("no-store");
    assertThat(get("/.well-known/acme-challenge/t0ken_-").statusCode()).isEqualTo(404);
    assertThat(get("/.well-known/acme-challenge/").statusCode()).isEqualTo(404);
    assertThatThrownBy(() -> pages.begin("../x", "x")).isInstanceOf(IllegalArgumentException.class);
    for (int i = 0; i < ValidationPages.PAGES_MAX; i++) {
      pages.begin("t" + i, "x");
    }
    assertThatThrownBy(() -> pages.begin("more", "x")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void tellsWhoHasTheListThatThereIsNoOther() throws Exception {
    var tag = header(get("/crl/devices.crl"), "ETag");

    var again = send(request("/crl/devices.crl").header("If-None-Match", tag).GET());
    var other = send(request("/crl/devices.crl").header("If-None-Match", "\"other\"").GET());

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(other.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/health",
        "/metrics",
        "/openapi.json",
        "/api/v1/ca",
        "/crl",
        "/crl/",
        "/crl/root.crl",
        "/crl/devices-64.crl",
        "/crl/devices--1.crl",
        "/crl/devices-07.crl",
        "/crl/servers-1.crl",
        "/crl/../crl/devices.pem",
        "/crl/%2e%2e/ca",
        "/crl/devices.crl?x=1",
        "/CRL/devices.crl"
      })
  void knowsNothingElse(String path) throws Exception {
    assertThat(get(path).statusCode()).isIn(400, 404);
  }

  @ParameterizedTest
  @CsvSource({
    "HEAD,/crl/devices.crl",
    "PUT,/crl/devices.crl",
    "DELETE,/crl/devices.crl",
    "PUT,/ocsp",
    "OPTIONS,/ocsp",
    "TRACE,/ocsp"
  })
  void takesNoOtherMethod(String method, String path) throws Exception {
    assertThat(send(request(path).method(method, BodyPublishers.noBody())).statusCode())
        .isIn(400, 405);
  }

  @Test
  void answersTheSameQuestionInAPathAndInABody() throws Exception {
    var question = question();
    var base64 = Base64.getEncoder().encodeToString(question);

    var encoded = get("/ocsp/" + URLEncoder.encode(base64, StandardCharsets.UTF_8));
    var plain = get("/ocsp/" + base64);
    var posted = post(question, STATUS_REQUEST);

    assertThat(new OCSPResp(encoded.body()).getStatus()).isZero();
    assertThat(plain.body()).isEqualTo(encoded.body());
    assertThat(posted.body()).isEqualTo(encoded.body());
    assertThat(header(encoded, "Content-Type")).isEqualTo("application/ocsp-response");
    assertThat(header(encoded, "Cache-Control")).startsWith("max-age=300, public");
    assertThat(header(posted, "Cache-Control")).isEqualTo("no-store");
  }

  /** Base64 of every length and with slashes wherever they may come: RFC 6960, A.1. */
  @Test
  void readsSlashesInAPathHoweverTheyAreWritten() throws Exception {
    for (int serial = 0; serial < 40; serial++) {
      var base64 = Base64.getEncoder().encodeToString(question());
      for (var path :
          new String[] {
            base64, base64.replace("/", "%2F"), base64.replace("/", "%2f").replace("+", "%2B")
          }) {
        assertThat(new OCSPResp(get("/ocsp/" + path).body()).getStatus()).as(path).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ocsp/!!!", "/ocsp/%", "/ocsp/%zz", "/ocsp/MAA=", "/ocsp/a b"})
  void saysInTheProtocolsOwnWordsWhatIsNoQuestion(String path) throws Exception {
    var raw = raw("GET " + path.replace(' ', '\u0001') + " HTTP/1.1\r\nHost: x\r\n\r\n");

    assertThat(raw).matches("(?s)HTTP/1.1 (400|200) .*");
    assertThat(post("no request".getBytes(StandardCharsets.UTF_8), STATUS_REQUEST).body())
        .isEqualTo(new byte[] {0x30, 3, 0x0a, 1, 1});
  }

  @Test
  void refusesABodyBeyondItsBoundAndOneOfAnotherType() throws Exception {
    assertThat(post(new byte[OcspRequest.BYTES_MAX], STATUS_REQUEST).statusCode()).isEqualTo(200);
    assertThat(post(new byte[OcspRequest.BYTES_MAX + 1], STATUS_REQUEST).statusCode())
        .isEqualTo(413);
    assertThat(post(question(), "application/json").statusCode()).isEqualTo(415);
  }

  /** A length that nobody announced. */
  @Test
  void refusesAnEndlessBodyInPieces() throws Exception {
    var piece = "400\r\n" + "x".repeat(0x400) + "\r\n";

    var answer =
        raw(
            "POST /ocsp HTTP/1.1\r\nHost: x\r\nContent-Type: application/ocsp-request\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + piece.repeat(8));

    assertThat(answer).startsWith("HTTP/1.1 413");
  }

  @Test
  void refusesHeadersBeyondTheirBound() throws Exception {
    var answer = raw("GET /crl/devices.crl HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(9_000));

    assertThat(answer).matches("(?s)(HTTP/1.1 431.*)?");
  }

  @Test
  void endsAConnectionThatSaysNothing() throws Exception {
    try (var socket = open()) {
      socket.setSoTimeout(15_000);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  /** Who drips a byte now and then is never idle. */
  @Test
  void endsAConnectionAfterItsTimeWhateverIsDoneWithIt() throws Exception {
    try (var hasty =
            new PlainListener(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                office.publication,
                office.clock,
                Duration.ofSeconds(1));
        var socket = new Socket(InetAddress.getLoopbackAddress(), hasty.port())) {
      var begun = System.nanoTime();
      var out = socket.getOutputStream();
      out.write("POST /ocsp HTTP/1.1\r\nX: ".getBytes(StandardCharsets.ISO_8859_1));
      try {
        while (System.nanoTime() - begun < 10_000_000_000L) {
          out.write('y');
          out.flush();
          Thread.sleep(100);
        }
        throw new AssertionError("still open after ten seconds");
      } catch (IOException closed) {
        assertThat(System.nanoTime() - begun).isGreaterThan(900_000_000L);
      }
    }
  }

  /** The bound is reached, and those who come when the others are gone are served. */
  @Test
  void holdsNoMoreConnectionsThanTheBound() throws Exception {
    var sockets = new ArrayList<Socket>();
    try {
      for (int one = 0; one < PlainListener.CONNECTIONS_MAX + 20; one++) {
        sockets.add(open());
      }
      Thread.sleep(300);
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
    for (int attempt = 0; attempt < 50; attempt++) {
      try {
        if (raw("GET /crl/devices.crl HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .startsWith("HTTP/1.1 200")) {
          return;
        }
      } catch (IOException _) {
        // Not yet.
      }
      Thread.sleep(100);
    }
    throw new AssertionError("nobody was served after the flood");
  }

  private byte[] question() throws Exception {
    var serial = office.certified.active(PrincipalKind.DEVICE, office.clock.instant());
    return StatusAnswersTest.question(office, serial, 0);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private HttpResponse<byte[]> get(String path) throws Exception {
    return send(request(path).GET());
  }

  private HttpResponse<byte[]> post(byte[] body, String type) throws Exception {
    return send(
        request("/ocsp").header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private Socket open() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  private String raw(String text) throws IOException {
    try (var socket = open()) {
      socket.setSoTimeout(15_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      var answer = new StringBuilder();
      var buffer = new byte[2_048];
      int read = socket.getInputStream().read(buffer);
      if (read > 0) {
        answer.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
      }
      return answer.toString();
    }
  }
}
