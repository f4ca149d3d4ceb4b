package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.exchange.Reason;
import io.sallyport.gateway.connection.Departure;
import io.sallyport.gateway.defence.DefenceSettings;
import io.sallyport.gateway.est.Applicant;
import io.sallyport.gateway.est.EstAnswer;
import io.sallyport.gateway.est.EstSettings;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.Standing;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP at the EST door: one way to read it, and a bound for everything. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
final class EstDoorTest {
  private static final String PATH = "/.well-known/est/";
  private static final String CACERTS = "GET " + PATH + "cacerts HTTP/1.1\r\nHost: gate\r\n\r\n";
  private static final String BODY = "TUlJ";
  private static final String TYPED =
      " HTTP/1.1\r\nHost: gate\r\nContent-Type: application/pkcs10\r\n";

  @TempDir Path directory;
  private EstGate gate;
  private final List<SSLSocket> held = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (var socket : held) {
      socket.close();
    }
    if (gate != null) {
      gate.close();
    }
  }

  private void open() {
    // Many failures come from one address here, and are meant to.
    open(settings -> settings);
  }

  private void open(java.util.function.UnaryOperator<EstSettings> changes) {
    gate = new EstGate(directory, configuration -> configuration, changes);
  }

  private static EstSettings quick(EstSettings of) {
    return new EstSettings(
        of.host(), of.port(), Duration.ofSeconds(1), Duration.ofSeconds(3), 4, 2, false);
  }

  private SSLSocket connect() throws IOException {
    var socket = gate.connect(null);
    held.add(socket);
    return socket;
  }

  private static String post(String operation, String headers) {
    return "POST " + PATH + operation + TYPED + headers + "\r\n";
  }

  private static String enrolment() {
    return post("simpleenroll", "Content-Length: 4\r\n") + BODY;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '"',
      value = {
        "Content-Length: 4|Transfer-Encoding: chunked@400",
        "Transfer-Encoding: chunked|Content-Length: 4@400",
        "Content-Length: 4|Content-Length: 5@400",
        "Content-Length: 4, 5@400",
        "Content-Length: +4@400",
        "Content-Length: -1@400",
        "Content-Length: 0x4@400",
        "Content-Length: 99999999999999999999@400",
        "Transfer-Encoding: gzip, chunked@400",
        "Transfer-Encoding: identity@400",
        "Transfer-Encoding: chunked|Transfer-Encoding: chunked@400",
        "Transfer-Encoding: xchunked@400",
        "Transfer-Encoding : chunked@400",
        "Content-Length : 4@400",
        "Host: other@400",
        "Authorization: Basic YTpi|Authorization: Basic YTpj|Content-Length: 4@400",
        "Content-Type: text/plain|Content-Length: 4@400",
        "Content-Length: 8193@413",
        "X: @431",
      })
  void whatCouldBeReadInTwoWaysIsRefusedAndEndsTheConnection(String headers, int expected)
      throws IOException {
    open();
    var lines = headers.replace("X:", "X: " + "x".repeat(9_000)).replace("|", "\r\n") + "\r\n";

    var said = EstGate.talk(connect(), post("simpleenroll", lines) + BODY + "\r\n" + CACERTS);

    assertThat(said).startsWith("HTTP/1.1 " + expected).containsOnlyOnce("HTTP/1.1 ");
    assertThat(said).containsIgnoringCase("connection: close");
    assertThat(gate.applicants).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "GET PATH HTTP/1.1~~@400",
        "GET PATH HTTP/2.0~Host: a~~@400",
        "GET PATH HTTP/0.9~Host: a~~@400",
        "GET  PATH  HTTP/1.1~Host: a~~@200",
        "PRI * HTTP/2.0~~SM~~@400",
        "GET PATHLONG HTTP/1.1~Host: a~~@414",
        "garbage~~@400",
        "POST ENROL HTTP/1.0~Transfer-Encoding: chunked~~4~TUlJ~0~~@400",
        "POST ENROL HTTP/1.1~Host: a~Transfer-Encoding: chunked~~zz~@400",
      })
  void onlyHttp11IsSpoken(String request, int expected) throws IOException {
    open();
    var bytes =
        request
            .replace("PATHLONG", PATH + "x".repeat(1_100))
            .replace("PATH", PATH + "cacerts")
            .replace("ENROL", PATH + "simpleenroll")
            .replace("~", "\r\n");

    var socket = connect();
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));

    assertThat(EstGate.answer(socket)).startsWith("HTTP/1.1 " + expected);
  }

  /** libest's client takes an answer without "Content-Length" in these letters for none. */
  @Test
  void namesOfFieldsAreWrittenAsTheStandardsWriteThem() throws IOException {
    open();

    var socket = connect();
    socket.getOutputStream().write(CACERTS.getBytes(StandardCharsets.ISO_8859_1));

    assertThat(EstGate.answer(socket))
        .contains("\r\nContent-Length: ", "\r\nContent-Type: ", "\r\nCache-Control: no-store\r\n");
  }

  @Test
  void whoDoesNotWaitForTheAnswerGetsNoSecondOne() throws IOException {
    open();

    var said = EstGate.talk(connect(), enrolment() + CACERTS + CACERTS);

    assertThat(said).startsWith("HTTP/1.1 403").containsOnlyOnce("HTTP/1.1 ");
  }

  @Test
  void aConnectionTakesSoManyRequestsAndNoMore() throws IOException {
    open(EstDoorTest::quick);
    var socket = connect();

    for (int number = 1; number <= 4; number++) {
      socket.getOutputStream().write(CACERTS.getBytes(StandardCharsets.ISO_8859_1));
      var said = EstGate.answer(socket);
      assertThat(said).startsWith("HTTP/1.1 200");
      assertThat(said.contains("Connection: close")).isEqualTo(number == 4);
    }
    assertThat(EstGate.rest(socket)).isEmpty();
  }

  @Test
  void aBodyThatDribblesIsNotWaitedFor() throws IOException {
    open(EstDoorTest::quick);
    var socket = connect();
    long begun = System.nanoTime();

    var out = socket.getOutputStream();
    out.write(
        post("simpleenroll", "Content-Length: 4000\r\n").getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(
            () -> {
              for (int sent = 0; sent < 4_000; sent++) {
                out.write('A');
                Thread.sleep(50);
              }
            })
        .isInstanceOf(IOException.class);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    assertThat(gate.applicants).isEmpty();
    assertThat(gate.gateway.statistics().timedOut()).isOne();
  }

  @Test
  void aConnectionEndsHoweverBusyItIs() throws IOException {
    open(
        of ->
            new EstSettings(
                of.host(), 0, Duration.ofSeconds(2), Duration.ofSeconds(2), 1_000, 2, false));
    var socket = connect();

    assertThatThrownBy(
            () -> {
              while (true) {
                socket.getOutputStream().write(CACERTS.getBytes(StandardCharsets.ISO_8859_1));
                if (EstGate.answer(socket).isEmpty()) {
                  throw new SocketException("ended");
                }
                Thread.sleep(100);
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void whoFindsTheDeskFullIsToldToComeAgain() throws Exception {
    open(EstDoorTest::quick);
    var atWork = new CountDownLatch(2);
    var go = new CountDownLatch(1);
    gate.desk =
        _ -> {
          atWork.countDown();
          try {
            assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return new EstAnswer.Pending(Duration.ofSeconds(7));
        };
    var first = connect();
    var second = connect();
    for (var socket : List.of(first, second)) {
      socket.getOutputStream().write(enrolment().getBytes(StandardCharsets.ISO_8859_1));
    }
    assertThat(atWork.await(20, TimeUnit.SECONDS)).isTrue();
    var third = connect();
    third.getOutputStream().write(enrolment().getBytes(StandardCharsets.ISO_8859_1));

    assertThat(EstGate.answer(third))
        .startsWith("HTTP/1.1 503")
        .containsIgnoringCase("retry-after: 5");
    go.countDown();
    assertThat(EstGate.answer(first))
        .startsWith("HTTP/1.1 202")
        .containsIgnoringCase("retry-after: 7");
  }

  @Test
  void aDeskThatBreaksIssuesNothing() throws IOException {
    open();
    gate.desk =
        _ -> {
          throw new IllegalStateException("the database is gone");
        };
    var socket = connect();

    socket.getOutputStream().write(enrolment().getBytes(StandardCharsets.ISO_8859_1));

    assertThat(EstGate.answer(socket)).startsWith("HTTP/1.1 503").doesNotContain("database");
  }

  @Test
  void strangersAreBoundByWhatOneSourceMayHaveUnfinishedAndKeepNobodyElseOut() throws IOException {
    var defence = DefenceSettings.DEFAULTS.withTrusted(List.of()).withHandshakesMaxOfSource(5);
    gate = new EstGate(directory, c -> c.withDefence(defence), settings -> settings);
    for (int number = 0; number < 5; number++) {
      held.add(gate.connect(null, "127.1.1." + (number + 1)));
    }

    assertThatThrownBy(() -> gate.connect(null, "127.1.1.77")).isInstanceOf(IOException.class);
    var device = gate.connect(gate.device("device"), "127.1.2.1");
    held.add(device);
    device.getOutputStream().write(CACERTS.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(EstGate.answer(device)).startsWith("HTTP/1.1 200");

    held.removeFirst().close();
    TestGate.eventually(
        () -> gate.gateway.statistics().handshaking() == 4,
        () -> gate.gateway.statistics().toString());
    held.add(gate.connect(null, "127.1.1.78"));
  }

  @Test
  void itIsKnownWhoShowsACertificateAndACutEndsThatToo() throws IOException {
    open();
    var identity = gate.device("pump");
    var socket = gate.connect(identity);
    held.add(socket);

    socket
        .getOutputStream()
        .write(
            (post("simplereenroll", "Content-Length: 4\r\n") + BODY)
                .getBytes(StandardCharsets.ISO_8859_1));
    assertThat(EstGate.answer(socket)).startsWith("HTTP/1.1 403");
    assertThat(gate.applicants)
        .extracting(Applicant::device)
        .singleElement()
        .extracting("id", "certificate")
        .containsExactly(new PrincipalId("pump"), identity.fingerprint());

    gate.gateway.cut(new PrincipalId("pump"), Reason.ADMINISTRATIVE_ACTION);
    assertThat(EstGate.rest(socket)).isEmpty();
  }

  @Test
  void aQuarantineEndsTheConnection() throws IOException {
    open();
    var identity = gate.device("pump");
    var socket = gate.connect(identity);
    held.add(socket);
    socket.getOutputStream().write(CACERTS.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(EstGate.answer(socket)).startsWith("HTTP/1.1 200");

    gate.put("pump", identity, Standing.QUARANTINED);

    assertThat(EstGate.rest(socket)).isEmpty();
    assertThatThrownBy(
            () -> {
              var again = gate.connect(identity);
              again.getOutputStream().write(CACERTS.getBytes(StandardCharsets.ISO_8859_1));
              if (EstGate.answer(again).isEmpty()) {
                throw new SSLException("ended");
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void whileTheGateSendsEverybodyAwayNobodyEnrols() throws IOException {
    open();
    gate.gateway.drain(new Departure("elsewhere:8883", false), 100);
    var socket = connect();

    socket.getOutputStream().write(enrolment().getBytes(StandardCharsets.ISO_8859_1));

    assertThat(EstGate.answer(socket)).startsWith("HTTP/1.1 503");
    assertThat(gate.applicants).isEmpty();
  }

  @Test
  void neverTakesItForARequestWhatIsNone() throws IOException {
    var defence =
        DefenceSettings.DEFAULTS.withTrusted(
            List.of(io.sallyport.gateway.defence.AddressBlock.parse("127.0.0.0/8")));
    gate = new EstGate(directory, c -> c.withDefence(defence), EstDoorTest::quick);
    var random = new SplittableRandom(7030);
    var whole = enrolment().getBytes(StandardCharsets.ISO_8859_1);

    for (int round = 0; round < 60; round++) {
      var bytes = whole.clone();
      for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try (var socket = gate.connect(null)) {
        socket.getOutputStream().write(bytes);
        socket.shutdownOutput();
        var said = EstGate.rest(socket);
        assertThat(said.isEmpty() || said.startsWith("HTTP/1.1 ")).as(said).isTrue();
      } catch (SocketException | SSLException e) {
        assertThat(e).as("it was ended").isNotNull();
      }
    }
    var socket = connect();
    socket.getOutputStream().write(CACERTS.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(EstGate.answer(socket)).startsWith("HTTP/1.1 200");
  }
}
