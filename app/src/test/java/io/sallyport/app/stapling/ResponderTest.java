package io.sallyport.app.stapling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.OcspStatus;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.KeyPairs;
import io.sallyport.identity.issuance.LeafProfile;
import io.sallyport.identity.issuance.OcspAnswer;
import io.sallyport.identity.issuance.OcspAnswerRefused;
import io.sallyport.identity.issuance.OcspResponder;
import io.sallyport.identity.issuance.Serials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How others are asked for the status of a certificate, and what of it comes back. */
class ResponderTest {
  private final Instant now = Instant.now();

  private final Authorities authorities = Authorities.create(Serials.random(), now);
  private final X509Certificate issuer = authorities.servers().certificate();
  private final X509Certificate leaf =
      authorities
          .servers()
          .sign(
              new LeafProfile.Server(List.of("localhost"), List.of()),
              KeyPairs.p256().getPublic(),
              Serials.random().next(),
              now,
              Duration.ofDays(1));
  private final HttpClient client = HttpClient.newHttpClient();
  private FakeResponder responder;

  @BeforeEach
  void start() throws IOException {
    responder = new FakeResponder(authorities.servers());
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    responder.close();
  }

  private Responder remote() {
    return new Responder.Remote(client, responder.address());
  }

  private void refused(Responder by, String why) {
    assertThatThrownBy(() -> by.ask(leaf, issuer, now))
        .isInstanceOf(OcspAnswerRefused.class)
        .hasMessageContaining(why);
  }

  @Test
  void othersAreAskedAsTheStandardSays() throws Exception {
    var asked = new AtomicReference<>("");
    responder.otherwise =
        (exchange, question) -> {
          var headers = exchange.getRequestHeaders();
          asked.set(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + headers.getFirst("Content-Type")
                  + " "
                  + headers.getFirst("Accept"));
          responder.honestly(exchange, question);
        };

    var answer = remote().ask(leaf, issuer, now);

    assertThat(OcspAnswer.read(answer, leaf, issuer, Instant.now()).status())
        .isEqualTo(new OcspStatus.Good());
    assertThat(asked).hasValue("POST /ocsp application/ocsp-request application/ocsp-response");
  }

  @Test
  void weOurselvesSayGoodForTheTimeThatWasSet() throws Exception {
    var own =
        new Responder.Own(
            new OcspResponder(authorities.servers(), Serials.random()), Duration.ofMinutes(5));

    var answer = OcspAnswer.read(own.ask(leaf, issuer, now), leaf, issuer, now);

    assertThat(answer.status()).isEqualTo(new OcspStatus.Good());
    assertThat(Duration.between(answer.thisUpdate(), answer.nextUpdate())).hasMinutes(5);
  }

  @Test
  void aStatusOtherThan200IsNoAnswerAndElsewhereNobodyGoes() throws Exception {
    try (var other = new FakeResponder(authorities.servers())) {
      responder.otherwise =
          (exchange, _) -> {
            exchange.getResponseHeaders().set("Location", other.url() + "/ocsp");
            FakeResponder.send(exchange, 307, new byte[0]);
          };
      refused(remote(), "answers HTTP 307");
      assertThat(other.asked).hasValue(0);
    }
    responder.otherwise = (exchange, _) -> FakeResponder.send(exchange, 503, new byte[1]);
    refused(remote(), "answers HTTP 503");
  }

  @Test
  void moreThanItsBoundIsNotRead() throws Exception {
    responder.otherwise =
        (exchange, _) -> FakeResponder.send(exchange, 200, new byte[OcspAnswer.BYTES_MAX]);
    assertThat(remote().ask(leaf, issuer, now)).hasSize(OcspAnswer.BYTES_MAX);
    responder.otherwise =
        (exchange, _) -> FakeResponder.send(exchange, 200, new byte[OcspAnswer.BYTES_MAX + 1]);
    refused(remote(), "cannot be asked");
  }

  @Test
  void nobodyThereIsNoAnswer() {
    refused(new Responder.Remote(client, URI.create("http://127.0.0.1:1/ocsp")), "cannot be asked");
    refused(new Responder.None(), "names no responder");
  }

  /** The headers come at once, and then never an end: the client's own time-out would not see. */
  @Test
  void whoeverDripsIsLeft() {
    var over = new CountDownLatch(1);
    responder.otherwise =
        (exchange, _) -> {
          exchange.sendResponseHeaders(200, 0);
          try {
            while (!over.await(200, TimeUnit.MILLISECONDS)) {
              exchange.getResponseBody().write(0);
              exchange.getResponseBody().flush();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    try {
      refused(remote(), "does not answer within 10 s");
    } finally {
      over.countDown();
    }
  }

  @Test
  void isInterruptedByTheEnd() throws Exception {
    var over = new CountDownLatch(1);
    var begun = new CountDownLatch(1);
    responder.otherwise =
        (_, _) -> {
          begun.countDown();
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    var ended = new CompletableFuture<Throwable>();
    var asking =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    remote().ask(leaf, issuer, now);
                  } catch (OcspAnswerRefused | InterruptedException e) {
                    ended.complete(e);
                  }
                });
    begun.await();
    asking.interrupt();

    assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    over.countDown();
  }
}
