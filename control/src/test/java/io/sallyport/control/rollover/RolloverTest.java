package io.sallyport.control.rollover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.control.TestDatabase;
import io.sallyport.control.enforcement.MetricsSource.Metric;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.rollover.Rollover.Learnt;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.issuance.AuthorityStanding;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.ledger.EventType;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One devices CA after the other, and one root, on both databases. */
class RolloverTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void devicesMoveOneByOneAndTheOldCaEndsWithTheLast(TestDatabase kind) throws Exception {
    try (var site = new Site(kind, directory)) {
      var one = site.enrol("dev-1");
      var two = site.enrol("dev-2");
      assertThat(site.rollover.progress()).isEmpty();
      site.beginDevices();
      assertThat(issuer(site.enrol("dev-3"))).isEqualTo("CN=Sallyport Devices CA");
      refused("settling", () -> site.rollover.activate("bob"));
      refused("not-activated", () -> site.rollover.retire(100, null, "bob"));
      refused("under-way", () -> site.beginDevices());

      site.activate();
      refused("activated", () -> site.rollover.activate("bob"));
      refused("activated", () -> site.rollover.cancel("bob"));
      var renewed = site.renew("dev-1", one);
      assertThat(issuer(renewed)).isEqualTo("CN=Sallyport Devices CA G2");
      var progress = site.rollover.progress().orElseThrow();
      assertThat(progress.stage()).isEqualTo("activated");
      assertThat(progress.present()).isEqualTo(3);
      assertThat(progress.trusting()).isEqualTo(1);
      assertThat(progress.ready()).isEqualTo(1);
      refused("threshold", () -> site.rollover.retire(100, null, "bob"));
      refused("threshold", () -> site.rollover.retire(34, null, "bob"));

      // Page by page, and who only heard of it is told apart.
      site.learnt("dev-2", Learnt.CACERTS);
      assertThat(site.rollover.late("", 1)).containsExactly(new Rollover.Late("dev-2", true));
      assertThat(site.rollover.late("dev-2", 9)).containsExactly(new Rollover.Late("dev-3", false));
      assertThat(site.rollover.progress().orElseThrow().trusting()).isEqualTo(2);

      site.renew("dev-2", two);
      site.control
          .revoker()
          .revoke(
              PrincipalKind.DEVICE, new PrincipalId("dev-3"), RevocationReason.SUPERSEDED, "alice");
      assertThat(site.rollover.retire(100, null, "bob").ready()).isEqualTo(2);
      site.follow();
      assertThat(site.authorities.line().retiredIssuers()).hasSize(1);
      assertThat(site.rollover.progress()).isEmpty();
      refused("none", () -> site.rollover.retire(100, null, "bob"));
      assertThat(events(site))
          .containsSubsequence(
              EventType.CA_ROLLOVER_BEGUN,
              EventType.CA_ROLLOVER_ACTIVATED,
              EventType.CA_ROLLOVER_RETIRED);

      // And once more: the third.
      site.beginDevices();
      site.activate();
      assertThat(issuer(site.enrol("dev-4"))).isEqualTo("CN=Sallyport Devices CA G3");
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whoInsistsSaysWhy(TestDatabase kind) throws Exception {
    try (var site = new Site(kind, directory)) {
      site.enrol("dev-1");
      site.beginDevices();
      site.activate();
      assertThat(site.rollover.retire(100, "the key was stolen", "bob").ready()).isZero();
      var last = new LedgerStore(site.database).last(1).getFirst().event();
      assertThat(last.type()).isEqualTo(EventType.CA_ROLLOVER_RETIRED);
      assertThat(last.actor()).isEqualTo("bob");
      assertThat(last.facts())
          .containsEntry("forced", "the key was stolen")
          .containsEntry("devices", "1")
          .containsEntry("ready", "0");
    }
  }

  /** A process that slept through the rollover signs with what is not trusted any more. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void nothingOfARetiredCaBecomesActive(TestDatabase kind) throws Exception {
    try (var site = new Site(kind, directory)) {
      var serial = Serials.random().next();
      var pending =
          new Certificates.Pending(
              serial,
              PrincipalKind.DEVICE,
              new PrincipalId("late"),
              new PublicKeyHash("ab".repeat(32)),
              site.clock.instant(),
              1);
      site.database.change(handle -> Certificates.insertPending(handle, List.of(pending)));
      site.beginDevices();
      site.activate();
      refused("threshold", () -> site.rollover.retire(1, null, "bob"));
      site.rollover.retire(1, "test", "bob");
      var signed =
          new Certificates.Signed(
              serial,
              Certificates.Signed.of(site.authorities.root()).fingerprint(),
              site.clock.instant(),
              site.clock.instant().plus(Duration.ofDays(1)),
              "");
      boolean isActive = site.database.write(handle -> Certificates.activate(handle, signed));
      assertThat(isActive).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aRootEndsWhenEverybodyWasToldOfTheNextOne(TestDatabase kind) throws Exception {
    try (var site = new Site(kind, directory)) {
      site.enrol("dev-1");
      var old = site.authorities.root();
      site.beginRoot("root2");
      assertThat(site.authorities.anchors().split("BEGIN CERTIFICATE")).hasSize(3);
      assertThat(site.authorities.line().isRollingOver()).isTrue();
      site.activate();
      assertThat(site.authorities.root()).isNotEqualTo(old);
      refused("threshold", () -> site.rollover.retire(100, null, "bob"));
      site.learnt("dev-1", Learnt.CACERTS);
      site.learnt("dev-1", Learnt.BUNDLE);
      site.rollover.retire(100, null, "bob");
      site.follow();
      assertThat(site.authorities.roots()).hasSize(1).doesNotContain(old);
      site.learnt("dev-1", Learnt.CACERTS);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatWasAskedForWaitsAndWhatWasBegunCanBeGivenUp(TestDatabase kind) throws Exception {
    try (var site = new Site(kind, directory)) {
      refused("none", () -> site.rollover.activate("bob"));
      refused("none", () -> site.rollover.cancel("bob"));
      var requested = site.maker().request();
      site.begin(List.of(requested));
      refused("under-way", () -> site.begin(List.of(requested)));
      refused("requested", () -> site.rollover.activate("bob"));
      assertThat(site.rollover.progress().orElseThrow().stage()).isEqualTo("requested");
      // Nobody is told of what has no certificate.
      site.enrol("dev-1");
      site.learnt("dev-1", Learnt.CACERTS);
      assertThat(site.rollover.progress().orElseThrow().trusting()).isZero();

      var kept = site.rollover.stored().stream().filter(o -> o.generation() == 2).findFirst();
      assertThat(kept.orElseThrow().standing()).isEqualTo(AuthorityStanding.REQUESTED);
      var pem = String.valueOf(kept.get().request());
      var certificate =
          site.root()
              .sign(
                  io.sallyport.identity.issuance.AuthorityRequest.parse(pem),
                  Serials.random(),
                  site.clock.instant());
      site.begin(List.of(site.maker().install(kept.get(), certificate, site.clock.instant())));
      site.follow();
      assertThat(site.rollover.progress().orElseThrow().stage()).isEqualTo("begun");
      assertThat(site.authorities.line().trustedIssuers()).contains(certificate);

      site.rollover.cancel("bob");
      site.follow();
      assertThat(site.authorities.line().trustedIssuers()).hasSize(1);
      // The next one has another name and key.
      site.beginDevices();
      assertThat(site.rollover.progress().orElseThrow().to()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void theNumbersAreThereAndFresh(TestDatabase kind) throws Exception {
    try (var site = new Site(kind, directory)) {
      var metrics = new RolloverMetrics(site.rollover, site.clock);
      assertThat(number(metrics, "under_way", "devices")).isZero();
      site.enrol("dev-1");
      site.beginDevices();
      assertThat(number(metrics, "under_way", "devices")).isEqualTo(1);
      assertThat(number(metrics, "under_way", "root")).isZero();
      assertThat(number(metrics, "devices", "devices")).isEqualTo(1);
      site.learnt("dev-1", Learnt.CACERTS);
      assertThat(number(metrics, "trusting", "devices")).as("of a moment ago").isZero();
      site.clock.advance(Duration.ofMinutes(1));
      assertThat(number(metrics, "trusting", "devices")).isEqualTo(1);
      assertThat(number(metrics, "ready", "devices")).isZero();
    }
  }

  private static double number(RolloverMetrics metrics, String what, String authority) {
    var found = new ArrayList<Metric>();
    metrics.collect(found::add);
    return found.stream()
        .filter(
            one ->
                one.name().equals("sallyport_ca_rollover_" + what)
                    && one.labels().equals(Map.of("authority", authority)))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static List<EventType> events(Site site) {
    return new LedgerStore(site.database)
        .last(100).stream().map(record -> record.event().type()).toList();
  }

  private static String issuer(X509Certificate certificate) {
    return certificate.getIssuerX500Principal().getName();
  }

  private static void refused(String rule, ThrowingCallable step) {
    assertThatThrownBy(step)
        .isInstanceOfSatisfying(RolloverRefused.class, e -> assertThat(e.rule()).isEqualTo(rule));
  }
}
