package io.sallyport.app.stapling;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.stapling.Stapling.ShownChain;
import io.sallyport.control.enforcement.MetricsSource.Metric;
import io.sallyport.gateway.tls.Staples;
import io.sallyport.identity.OcspStatus;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicUrl;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.CertificateAuthority;
import io.sallyport.identity.issuance.KeyPairs;
import io.sallyport.identity.issuance.LeafProfile;
import io.sallyport.identity.issuance.Serials;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is known of the certificates that the gate shows, with a responder that may be bad. */
class StaplingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final InstantSource CLOCK = InstantSource.system();

  private final Authorities ours = Authorities.create(Serials.random(), Instant.now());
  private final Authorities others = Authorities.create(Serials.random(), Instant.now());
  private final Staples shown = new Staples(CLOCK);
  private FakeResponder responder;
  private Stapling stapling;

  @BeforeEach
  void start() throws IOException {
    responder = new FakeResponder(others.devices());
    stapling = new Stapling(shown, ours, Serials.random(), LIFETIME, CLOCK);
  }

  @AfterEach
  void stop() {
    stapling.close();
    responder.close();
  }

  private static ShownChain chain(String label, CertificateAuthority by, LeafProfile profile) {
    var leaf =
        by.sign(
            profile,
            KeyPairs.p256().getPublic(),
            Serials.random().next(),
            Instant.now(),
            Duration.ofDays(1));
    return new ShownChain(label, List.of(leaf, by.certificate()));
  }

  private ShownChain own(String label) {
    return chain(label, ours.servers(), new LeafProfile.Server(List.of("localhost"), List.of()));
  }

  /** Of an authority that names its responder. */
  private ShownChain foreign(String label) {
    return chain(
        label,
        others.devices().publishedAt(new PublicUrl(responder.url())),
        new LeafProfile.Client(PrincipalKind.DEVICE, new PrincipalId("gate")));
  }

  private double metric(String name) {
    return metric(name, Map.of());
  }

  private double metric(String name, Map<String, String> labels) {
    var found = new java.util.ArrayList<Metric>();
    stapling.collect(found::add);
    return found.stream()
        .filter(one -> one.name().equals(name) && one.labels().equals(labels))
        .mapToDouble(Metric::value)
        .findFirst()
        .orElse(-1);
  }

  private double left(String label) {
    return metric("sallyport_staple_remaining_seconds", Map.of("certificate", label));
  }

  private double revoked(String label) {
    return metric("sallyport_server_certificate_revoked", Map.of("certificate", label));
  }

  private double failures() {
    return metric("sallyport_staple_failures_total");
  }

  private static void until(String what, BooleanSupplier holds) throws InterruptedException {
    var end = Instant.now().plus(PATIENCE);
    while (!holds.getAsBoolean()) {
      assertThat(Instant.now()).as(what).isBefore(end);
      Thread.sleep(20);
    }
  }

  @Test
  void ofOurOwnItIsReadyAtOnce() {
    stapling.show(List.of(own("default"), own("backup")));

    assertThat(left("default")).isBetween(3_590.0, 3_600.0);
    assertThat(left("backup")).isPositive();
    assertThat(revoked("default")).isZero();
    assertThat(failures()).isZero();
    assertThat(responder.asked).hasValue(0);
    assertThat(metric("sallyport_staples_shown_total")).isZero();
    assertThat(metric("sallyport_staples_missing_total")).isZero();
    stapling.show(List.of());
    assertThat(left("default")).as("not shown any more").isEqualTo(-1);
  }

  @Test
  void ofAnotherItsResponderIsAskedAndAskedAgainAtHalfOfTheAnswersLife() throws Exception {
    responder.lifetime = Duration.ofSeconds(4);
    stapling.show(List.of(foreign("public")));
    assertThat(left("public")).as("nobody waits for it").isZero();

    until("the first answer", () -> left("public") > 0);
    assertThat(responder.asked).hasValue(1);
    until("the second before the first has ended", () -> responder.asked.get() == 2);
    assertThat(left("public")).isPositive();
    assertThat(failures()).isZero();
  }

  @Test
  void whatIsShownOnIsNotAskedForAgain() throws Exception {
    var kept = foreign("public");
    stapling.show(List.of(kept));
    until("the first answer", () -> left("public") > 0);

    stapling.show(List.of(kept, own("default")));

    assertThat(left("public")).isPositive();
    assertThat(left("default")).isPositive();
    Thread.sleep(1_500);
    assertThat(responder.asked).hasValue(1);
  }

  @Test
  void badNewsAreToldAndWhatWasGoodIsNotShownAnyMore() throws Exception {
    responder.lifetime = Duration.ofSeconds(4);
    stapling.show(List.of(foreign("public")));
    until("the first answer", () -> left("public") > 0);

    responder.status =
        new OcspStatus.Revoked(
            Instant.parse("2026-01-01T00:00:00Z"), RevocationReason.KEY_COMPROMISE);
    until("the bad news", () -> revoked("public") == 1);

    assertThat(left("public")).isZero();
    assertThat(failures()).isEqualTo(1);
  }

  /** What a responder may do that gives no status. */
  enum Fault {
    UNKNOWN {
      @Override
      void into(FakeResponder responder) {
        responder.status = new OcspStatus.Unknown();
      }
    },
    STATUS_500 {
      @Override
      void into(FakeResponder responder) {
        responder.otherwise = (exchange, _) -> FakeResponder.send(exchange, 500, new byte[] {'x'});
      }
    },
    GARBAGE {
      @Override
      void into(FakeResponder responder) {
        responder.otherwise =
            (exchange, _) -> FakeResponder.send(exchange, 200, new byte[] {0x30, 3, 1, 2, 3});
      }
    },
    EMPTY {
      @Override
      void into(FakeResponder responder) {
        responder.otherwise = (exchange, _) -> FakeResponder.send(exchange, 200, new byte[0]);
      }
    },
    ENDED {
      @Override
      void into(FakeResponder responder) {
        responder.lifetime = Duration.ofMinutes(-1);
      }
    };

    abstract void into(FakeResponder responder);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNoStatusIsNotShown(Fault fault) throws Exception {
    fault.into(responder);
    stapling.show(List.of(foreign("public")));

    until("a failure", () -> failures() == 1);
    assertThat(left("public")).isZero();
    assertThat(revoked("public")).isZero();
  }

  @Test
  void isTriedAgainAfterAPause() throws Exception {
    responder.status = new OcspStatus.Unknown();
    stapling.show(List.of(foreign("public")));
    until("a failure", () -> failures() == 1);

    responder.status = new OcspStatus.Good();
    until("good again", () -> left("public") > 0);
    assertThat(responder.asked).as("after a pause, not without end").hasValue(2);
  }

  /** The attack: somebody in the way answers with a signature of another authority. */
  @Test
  void whatAnotherAuthoritySignedIsNotBelieved() throws Exception {
    try (var liar = new FakeResponder(ours.devices())) {
      responder.otherwise = liar::honestly;
      stapling.show(List.of(foreign("public")));

      until("a failure", () -> failures() == 1);
      assertThat(left("public")).isZero();
    }
  }

  @Test
  void oneWithoutResponderIsShownWithoutAndNobodyIsAsked() throws Exception {
    var none =
        chain("none", others.servers(), new LeafProfile.Server(List.of("localhost"), List.of()));
    X509Certificate root = others.root();
    stapling.show(List.of(none, new ShownChain("alone", List.of(root))));

    Thread.sleep(1_200);
    assertThat(left("none")).isZero();
    assertThat(left("alone")).isZero();
    assertThat(failures()).isZero();
    assertThat(responder.asked).hasValue(0);
  }

  @Test
  void endsWhileItAsks() throws Exception {
    var asked = new java.util.concurrent.CountDownLatch(1);
    responder.otherwise =
        (_, _) -> {
          asked.countDown();
          try {
            Thread.sleep(PATIENCE);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    stapling.show(List.of(foreign("public")));
    assertThat(asked.await(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    stapling.close();

    Thread.sleep(1_500);
    assertThat(responder.asked).hasValue(1);
    stapling.show(List.of(own("default")));
    assertThat(left("default")).isPositive();
  }
}
