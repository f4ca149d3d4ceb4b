package io.sallyport.app.acme;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.Pem;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.KeyPairs;
import io.sallyport.identity.issuance.LeafProfile;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.testkit.TestCa;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the public certificate when the ACME server does what it should not. */
class AcmeRenewalTest {
  private static final String NAME = "gate.example.org";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final AtomicInteger shown = new AtomicInteger();
  private final Authorities ours = Authorities.create(Serials.random(), now.get());
  private final Authorities publicCa = Authorities.create(Serials.random(), now.get());
  private FakeAcme server;
  private SSLContext trust;
  private AcmeFiles files;
  private @Nullable RuntimeException objection;

  @BeforeEach
  void start() throws Exception {
    var ca = TestCa.create(now.get());
    var identity = ca.server();
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(identity.keyStore(), identity.storePassword());
    var serving = SSLContext.getInstance("TLS");
    serving.init(keys.getKeyManagers(), null, null);
    var anchors = KeyStore.getInstance("JKS");
    anchors.load(null, null);
    anchors.setCertificateEntry("root", ca.root());
    var trusting = TrustManagerFactory.getInstance("PKIX");
    trusting.init(anchors);
    trust = SSLContext.getInstance("TLS");
    trust.init(null, trusting.getTrustManagers(), null);
    server = new FakeAcme(serving);
    files = new AcmeFiles(folder.resolve("acme"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private AcmeRenewal renewal() {
    var settings = new AcmeSettings(server.directory(), List.of(NAME), null, null, trust);
    var client =
        new AcmeClient(settings, KeyPairs.p256(), Duration.ofSeconds(3), Duration.ofSeconds(3));
    var certificate = new PublicCertificate(files, List.of(NAME), ours.serverKeys().publicKey());
    return new AcmeRenewal(
        client,
        certificate,
        ours.serverKeys(),
        new Proofs.TlsAlpn01(new Unused(), now::get),
        () -> {
          var why = objection;
          if (why != null) {
            throw why;
          }
          shown.incrementAndGet();
        },
        now::get,
        RandomGenerator.of("L64X128MixRandom"));
  }

  /** There is nothing to prove. */
  private static final class Unused implements Proofs.Certificates {
    @Override
    public void begin(String name, io.sallyport.gateway.tls.ServerCredentials proof) {
      throw new AssertionError("nobody asked for a proof");
    }

    @Override
    public void end(String name) {
      throw new AssertionError("nobody asked for a proof");
    }
  }

  private List<X509Certificate> chain(PublicKey key, String name, Duration life) {
    var profile = new LeafProfile.Server(List.of(name), List.of());
    var leaf = publicCa.servers().sign(profile, key, Serials.random().next(), now.get(), life);
    return publicCa.chain(leaf, profile);
  }

  private List<X509Certificate> good() {
    return chain(ours.serverKeys().publicKey(), NAME, Duration.ofDays(90));
  }

  private static String pem(List<X509Certificate> chain) {
    return chain.stream().map(Pem::of).collect(Collectors.joining());
  }

  /** One order, and what the status says after it. */
  private String failure() {
    try (var renewal = renewal()) {
      renewal.begin();
      until(() -> !Objects.equals(renewal.status().get("orders"), 0L));
      return String.valueOf(renewal.status().get("why"));
    }
  }

  private static void until(java.util.function.BooleanSupplier condition) {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it never came").isLessThan(end);
      java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
    }
  }

  @Test
  void whatIsGoodIsWrittenShownAndRenewedInTheLastThirdOfItsLife() {
    server.chain = pem(good());
    try (var renewal = renewal()) {
      assertThat(renewal.status()).doesNotContainKey("notAfter").containsEntry("failed", 0);
      renewal.begin();
      until(() -> Objects.equals(renewal.status().get("renewals"), 1L));
      assertThat(shown).hasValue(1);
      assertThat(files.certificate())
          .hasValueSatisfying(c -> assertThat(pem(c)).isEqualTo(server.chain));
      var due = (Instant) renewal.status().get("next");
      assertThat(Duration.between(now.get(), due).toDays()).isBetween(54L, 60L);
      var metrics = new ArrayList<String>();
      renewal.collect(m -> metrics.add(m.name() + " " + m.value()));
      assertThat(metrics)
          .contains("sallyport_acme_renewals_total 1.0", "sallyport_acme_failed 0.0");
    }
    // After a restart it is there, and nothing is ordered.
    server.asked.clear();
    try (var again = renewal()) {
      again.begin();
      until(() -> server.asked.contains("/account"));
      assertThat(server.asked).doesNotContain("/order");
      server.chain = pem(good());
      again.renew();
      until(() -> Objects.equals(again.status().get("renewals"), 1L));
    }
  }

  @Test
  void theWindowThatTheServerProposesCounts() {
    server.renewals = true;
    files.certificate(good());
    server.chain = pem(good());
    try (var renewal = renewal()) {
      renewal.begin();
      // Its window is long over: the certificate is to be replaced now, as one that is revoked.
      until(() -> Objects.equals(renewal.status().get("renewals"), 1L));
      assertThat(server.asked).anyMatch(path -> path.startsWith("/renewal/"));
    }
  }

  @Test
  void whatIsForAnotherKeyOrNameIsNeitherWrittenNorShown() {
    var key = ours.serverKeys().publicKey();
    var before = good();
    files.certificate(before);
    now.set(now.get().plus(Duration.ofDays(70)));
    var expired = good();
    now.set(now.get().plus(Duration.ofDays(10)));

    assertThat(refused(chain(KeyPairs.p256().getPublic(), NAME, Duration.ofDays(9))))
        .contains("another key");
    assertThat(refused(chain(key, "other.example.org", Duration.ofDays(9))))
        .contains("is not for 'gate.example.org'");
    assertThat(refused(List.of(good().getFirst()))).contains("1 certificates");
    assertThat(refused(List.of(good().getFirst(), ours.servers().certificate())))
        .contains("did not issue");
    assertThat(refused(List.of(good().getFirst(), expired.getLast(), expired.getLast())))
        .contains("did not issue");
    assertThat(refused(chain(key, NAME, Duration.ofSeconds(1)))).contains("expired");
    assertThat(files.certificate())
        .hasValueSatisfying(c -> assertThat(pem(c)).isEqualTo(pem(before)));
    assertThat(shown).hasValue(0);
  }

  /** The second before this one is the last of a certificate that lives for a second. */
  private String refused(List<X509Certificate> sent) {
    server.chain = pem(sent);
    now.set(now.get().plusSeconds(5));
    files.attempts(AcmeFiles.Attempts.NONE);
    return failure();
  }

  @Test
  void whatCannotBeShownIsTakenBack() {
    var before = good();
    files.certificate(before);
    now.set(now.get().plus(Duration.ofDays(80)));
    server.chain = pem(good());
    objection = io.sallyport.cli.terminal.Failure.badInput("no device knows that key");

    assertThat(failure()).contains("no device knows that key");
    assertThat(files.certificate())
        .hasValueSatisfying(c -> assertThat(pem(c)).isEqualTo(pem(before)));
  }

  @Test
  void aRateLimitIsWaitedForAndRemembered() {
    server.tricks.put(
        "/order",
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "86400");
          FakeAcme.json(
              exchange,
              429,
              "{\"type\": \"urn:ietf:params:acme:error:rateLimited\", \"detail\": \"slowly\"}");
        });

    assertThat(failure()).contains("slowly");
    assertThat(files.attempts().notBefore())
        .isBetween(now.get().plusSeconds(86_000), now.get().plusSeconds(87_000));
    server.asked.clear();
    try (var renewal = renewal()) {
      renewal.begin();
      assertThat((Instant) renewal.status().get("next")).isAfter(now.get().plusSeconds(86_000));
      java.util.concurrent.locks.LockSupport.parkNanos(300_000_000);
      assertThat(server.asked).doesNotContain("/order");
    }
  }

  @Test
  void noServerImposesMoreThanAWeek() {
    server.tricks.put(
        "/order",
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "999999999");
          FakeAcme.json(exchange, 429, "{\"type\": \"urn:ietf:params:acme:error:rateLimited\"}");
        });

    failure();

    assertThat(files.attempts().notBefore())
        .isBefore(now.get().plus(AcmeRenewal.RETRY_IMPOSED_MAX).plusSeconds(60));
  }

  @Test
  void waitsDoubleUpToHalfADay() {
    server.tricks.put("/order", exchange -> FakeAcme.json(exchange, 500, "{}"));
    files.attempts(new AcmeFiles.Attempts(40, Instant.EPOCH, "before"));

    failure();

    var wait = Duration.between(now.get(), files.attempts().notBefore());
    assertThat(wait)
        .isBetween(AcmeRenewal.RETRY_MAX, AcmeRenewal.RETRY_MAX.multipliedBy(5).dividedBy(4));
    assertThat(files.attempts().failed()).isEqualTo(41);
  }

  @Test
  void anEndlessAnswerIsCutOff() {
    for (var path : List.of("/dir", "/cert", "/account")) {
      files.attempts(AcmeFiles.Attempts.NONE);
      server.tricks.clear();
      server.asked.clear();
      var sent = new AtomicInteger();
      server.tricks.put(path, exchange -> flood(exchange, sent));
      assertThat(failure()).as(path).isNotBlank();
      assertThat(sent.get()).as("bytes of %s", path).isLessThan(64 << 20);
    }
    assertThat(files.certificate()).isEmpty();
  }

  private static void flood(com.sun.net.httpserver.HttpExchange exchange, AtomicInteger sent)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    var block = " ".repeat(1 << 16).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    try (var body = exchange.getResponseBody()) {
      while (sent.addAndGet(block.length) < 256 << 20) {
        body.write(block);
      }
    }
  }

  @Test
  void anAnswerThatDripsIsNotWaitedFor() {
    server.tricks.put(
        "/order",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(201, 1000);
          for (int i = 0; i < 1000; i++) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
          }
        });

    assertThat(failure()).contains("no whole answer within 3 s");
  }

  @Test
  void anOrderThatNeverBecomesValidEnds() {
    server.tricks.put(
        "/order/1",
        exchange ->
            FakeAcme.json(
                exchange,
                200,
                "{\"status\": \"pending\", \"identifiers\": [], \"authorizations\": [],"
                    + " \"finalize\": \"https://localhost/f\"}"));
    server.tricks.put(
        "/order",
        exchange -> {
          exchange
              .getResponseHeaders()
              .set("Location", server.directory().toString().replace("/dir", "/order/1"));
          FakeAcme.json(
              exchange,
              201,
              "{\"status\": \"pending\", \"identifiers\": [], \"authorizations\": [],"
                  + " \"finalize\": \"https://localhost/f\"}");
        });

    assertThat(failure()).contains("did not come to a decision in time");
  }
}
