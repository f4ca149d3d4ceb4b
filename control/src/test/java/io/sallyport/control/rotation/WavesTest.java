package io.sallyport.control.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.rotation.RotationOrder.Named;
import io.sallyport.control.rotation.RotationOrder.Ordered;
import io.sallyport.control.rotation.RotationOrder.Refused;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Serial;
import io.sallyport.identity.rotation.PaceRules;
import io.sallyport.identity.rotation.RotationRules;
import io.sallyport.ledger.EventType;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is asked when, what operators order, and what ends soon, on both databases. */
class WavesTest {
  private static final PaceRules PACE =
      new PaceRules(4, 40, 4, 0.05, 0.6, 2, 0.5, Duration.ofDays(1), Duration.ofHours(1));
  private static final Duration COUNTED = Duration.ofMinutes(10);
  private static final RotationSettings SETTINGS =
      new RotationSettings(true, RotationRules.USUAL, PACE, COUNTED);
  private static final AtomicInteger SERIAL = new AtomicInteger();

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void wavesGrowAsLongAsNothingFails(TestDatabase kind) {
    try (var fleet = new Fleet(kind, SETTINGS)) {
      devices(fleet, 30);
      fleet.pass(Fleet.DUE);
      assertThat(waves(fleet)).containsExactly(Map.entry(1L, 4L));
      // Not before its time, nor before half of those who answered have an ending.
      answer(fleet, 1, 3);
      fleet.pass(Duration.ofMinutes(59));
      fleet.pass(Duration.ofHours(1));
      assertThat(waves(fleet)).hasSize(1);
      end(fleet, 1, 2, 0);
      fleet.tick();
      assertThat(waves(fleet)).containsEntry(2L, 8L);
      end(fleet, 2, 8, 0);
      fleet.pass(Duration.ofHours(1));
      assertThat(waves(fleet)).containsEntry(3L, 12L);
      // All of them were spread over time, and none before it was due.
      assertThat(fleet.rotations.page(null, "", 100)).hasSize(24);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void wavesShrinkWhenTooManyFailAndStopWhenMostDo(TestDatabase kind) {
    try (var fleet = new Fleet(kind, SETTINGS)) {
      devices(fleet, 60);
      fleet.pass(Fleet.DUE);
      end(fleet, 1, 4, 0);
      fleet.pass(Duration.ofHours(1));
      end(fleet, 2, 6, 2);
      fleet.pass(Duration.ofHours(1));
      // A quarter failed: half of the eight.
      assertThat(waves(fleet)).containsEntry(3L, 4L);
      end(fleet, 3, 2, 2);
      fleet.pass(Duration.ofHours(1));
      assertThat(waves(fleet)).containsEntry(4L, 2L);
      end(fleet, 4, 0, 2);
      fleet.pass(Duration.ofHours(1));
      assertThat(fleet.rotations.status().pausedBy()).isEqualTo("system");
      fleet.pass(Duration.ofDays(1));
      assertThat(waves(fleet)).hasSize(4);
      assertThat(fleet.events(EventType.ROTATION_PAUSED)).hasSize(1);
      assertThat(fleet.rotations.status().eta()).isNull();
      // What an operator names is not held; what he orders is.
      assertThat(fleet.rotations.start(List.of("dev-59"), null, "alice"))
          .isEqualTo(new Named(List.of("dev-59"), List.of()));
      assertThat(fleet.rotations.startAll(null, "alice")).isEqualTo(new Ordered(60));
      fleet.tick();
      assertThat(waves(fleet)).hasSize(5);
      assertThat(fleet.rotations.resume("alice")).isTrue();
      assertThat(fleet.rotations.resume("alice")).isFalse();
      fleet.tick();
      assertThat(waves(fleet)).containsEntry(6L, 4L);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatAnOperatorWantsComesFirst(TestDatabase kind) {
    try (var fleet = new Fleet(kind, SETTINGS)) {
      devices(fleet, 6);
      fleet.database.change(
          handle -> {
            handle.execute(
                "insert into principal_group (name, created_at, created_by)"
                    + " values ('hall', 0, 'alice')");
            for (var id : List.of("dev-1", "dev-2", "dev-3")) {
              handle.execute(
                  "insert into group_member (group_name, principal) values ('hall', ?)", id);
            }
          });
      var by = fleet.clock.instant().plus(Duration.ofDays(3));
      assertThat(fleet.rotations.startGroup("attic", null, "alice")).isInstanceOf(Refused.class);
      assertThat(fleet.rotations.startAll(fleet.clock.instant().minusSeconds(1), "alice"))
          .isInstanceOf(Refused.class);
      assertThat(fleet.rotations.start(List.of(), null, "alice")).isInstanceOf(Refused.class);
      assertThat(fleet.rotations.startGroup("hall", by, "alice")).isEqualTo(new Ordered(3));
      assertThat(fleet.rotations.pause("alice")).isTrue();
      assertThat(fleet.rotations.pause("alice")).isFalse();
      fleet.tick();
      assertThat(fleet.rotations.status().demanded()).isEqualTo(3);
      assertThat(fleet.rotations.page(null, "", 10)).isEmpty();
      fleet.rotations.resume("alice");
      fleet.tick();
      assertThat(fleet.rotations.page(null, "", 10))
          .hasSize(3)
          .allSatisfy(
              one -> {
                assertThat(one.cause()).isEqualTo("demand");
                assertThat(one.rotateBy().toEpochMilli()).isEqualTo(by.toEpochMilli());
              });
      assertThat(fleet.rotations.status().demanded()).isZero();
      assertThat(fleet.rotations.status().eta()).isNotNull();
      // Who is rotating already, or is nobody, is told of.
      assertThat(fleet.rotations.start(List.of("dev-1", "dev-5", "ghost"), null, "alice"))
          .isEqualTo(new Named(List.of("dev-5"), List.of("dev-1", "ghost")));
      fleet.tick();
      assertThat(fleet.of("dev-5").state()).isEqualTo(RotationState.ASKED);
      assertThat(fleet.events(EventType.ROTATION_DEMANDED)).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void keysAgeToo(TestDatabase kind) {
    var usual = RotationRules.USUAL;
    var rules =
        new RotationRules(
            usual.beforeExpiry(),
            usual.lifeShare(),
            Duration.ofDays(20),
            null,
            null,
            Duration.ZERO,
            usual.answer(),
            usual.proofMax(),
            usual.grace(),
            usual.again());
    try (var fleet = new Fleet(kind, new RotationSettings(true, rules, PACE, COUNTED))) {
      devices(fleet, 1);
      fleet.pass(Duration.ofDays(19));
      assertThat(fleet.rotations.page(null, "", 10)).isEmpty();
      fleet.pass(Duration.ofDays(2));
      assertThat(fleet.of("dev-0").cause()).isEqualTo("key-age");
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void nobodyIsAskedWhereItIsSwitchedOff(TestDatabase kind) {
    var off = new RotationSettings(false, RotationRules.USUAL, PACE, COUNTED);
    try (var fleet = new Fleet(kind, off)) {
      devices(fleet, 2);
      fleet.pass(Duration.ofDays(80));
      assertThat(fleet.rotations.page(null, "", 10)).isEmpty();
      assertThat(fleet.rotations.start(List.of("dev-0"), null, "alice"))
          .isEqualTo(new Named(List.of("dev-0"), List.of()));
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void alarmsAreGivenOnceForEachCertificate(TestDatabase kind) {
    var off = new RotationSettings(false, RotationRules.USUAL, PACE, COUNTED);
    try (var fleet = new Fleet(kind, off);
        var beside = Fleet.beside(fleet)) {
      devices(fleet, 1);
      for (int day = 1; day < 90; day += 2) {
        fleet.pass(Duration.ofHours(47));
        beside.tick();
      }
      fleet.pass(Duration.ofDays(1));
      beside.tick();
      assertThat(fleet.events(EventType.CERTIFICATE_EXPIRING))
          .extracting(event -> event.facts().get("days"))
          .containsExactly("30", "14", "7", "1");
      assertThat(fleet.rotations.ending()).containsOnlyKeys(1, 7, 14, 30);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whoeverComesLateGetsTheNearestAlarmOnly(TestDatabase kind) {
    try (var fleet = new Fleet(kind, SETTINGS)) {
      devices(fleet, 2);
      fleet.clock.advance(Duration.ofDays(85));
      assertThat(fleet.rotations.ending()).isEqualTo(Map.of(1, 0L, 7, 2L, 14, 2L, 30, 2L));
      fleet.tick();
      fleet.tick();
      assertThat(fleet.events(EventType.CERTIFICATE_EXPIRING))
          .hasSize(2)
          .allSatisfy(event -> assertThat(event.facts()).containsEntry("days", "7"));
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void theComingYearIsDrawn(TestDatabase kind) {
    try (var fleet = new Fleet(kind, SETTINGS)) {
      devices(fleet, 3);
      fleet
          .rotations
          .desk()
          .certify(new PrincipalId("dev-0"), Desk.csr("dev-0"), fleet.clock.instant());
      for (var by : ExpiryPicture.By.values()) {
        var picture = fleet.rotations.expiry(by);
        assertThat(picture.spans().stream().mapToLong(ExpiryPicture.Span::certificates).sum())
            .isEqualTo(4);
        assertThat(picture.spans()).filteredOn(one -> one.certificates() > 0).hasSizeBetween(1, 2);
        assertThat(picture.spans()).hasSizeBetween(12, 54);
        assertThat(picture.later()).isZero();
      }
      fleet.clock.advance(Duration.ofDays(91));
      assertThat(fleet.rotations.expiry(ExpiryPicture.By.MONTH).overdue()).isEqualTo(4);
      fleet.clock.advance(Duration.ofDays(-91 - 300));
      assertThat(fleet.rotations.expiry(ExpiryPicture.By.WEEK).later()).isEqualTo(4);
    }
  }

  /** Devices of which nothing but their certificates is looked at: without keys of their own. */
  private static void devices(Fleet fleet, int count) {
    var now = fleet.clock.instant();
    fleet.database.change(
        handle -> {
          for (int i = 0; i < count; i++) {
            var id = "dev-" + i;
            var number = SERIAL.incrementAndGet();
            Principals.insert(handle, new PrincipalId(id), PrincipalKind.DEVICE, "", Map.of(), now);
            handle
                .createUpdate(
                    "insert into certificate (serial, kind, principal, status,"
                        + " public_key_sha256, recorded_at, fingerprint, not_before, not_after,"
                        + " pem, issuer) values (:serial, 'device', :id, 'active', :hash, :now,"
                        + " :hash, :now, :end, 'pem', 1)")
                .bind("serial", new Serial(BigInteger.valueOf(number)).hex())
                .bind("id", id)
                .bind("hash", "%064x".formatted(number))
                .bind("now", now.toEpochMilli())
                .bind("end", now.plus(Fleet.LIFETIME).toEpochMilli())
                .execute();
            handle
                .createUpdate(
                    "insert into public_key_seen (spki_sha256, kind, principal, first_seen)"
                        + " values (:hash, 'device', :id, :now)")
                .bind("hash", "%064x".formatted(number))
                .bind("id", id)
                .bind("now", now.toEpochMilli())
                .execute();
          }
        });
  }

  /** So many of a wave have a new certificate, and have not come with it. */
  private static void answer(Fleet fleet, long wave, int some) {
    fleet.database.change(
        handle ->
            handle.execute(
                "update rotation set state = 'issued', next_at = next_at + 604800000"
                    + " where nonce in (select nonce from rotation where wave = ?"
                    + " order by nonce limit ?)",
                wave,
                some));
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void theAbsentHoldNobodyUp(TestDatabase kind) {
    try (var fleet = new Fleet(kind, SETTINGS)) {
      devices(fleet, 12);
      fleet.pass(Fleet.DUE);
      // Nobody answers the first two waves.
      fleet.pass(Duration.ofHours(1));
      assertThat(waves(fleet)).containsOnly(Map.entry(1L, 4L), Map.entry(2L, 4L));
      fleet.database.change(
          handle ->
              handle.execute(
                  "update rotation set state = 'stuck', why = 'no-answer', ended_at = 0"));
      fleet.pass(Duration.ofHours(1));
      // They may be asked again, and are so after those who never were.
      var asked = fleet.rotations.page(RotationState.ASKED, "", 100);
      var due = fleet.rotations.page(RotationState.DUE, "", 100);
      assertThat(Stream.concat(asked.stream(), due.stream()).map(one -> one.wave()))
          .containsExactly(3L, 3L, 3L, 3L);
      assertThat(
              fleet.database.<Long>read(
                  handle ->
                      handle
                          .createQuery("select count(distinct principal) from rotation")
                          .mapTo(Long.class)
                          .one()))
          .isEqualTo(12);
    }
  }

  /** So many of a wave work, and so many fail. */
  private static void end(Fleet fleet, long wave, int well, int badly) {
    fleet.database.change(
        handle -> {
          for (var state : List.of("retired", "stuck")) {
            handle
                .createUpdate(
                    "update rotation set state = :state, why = :why, ended_at = :now"
                        + " where nonce in (select nonce from rotation where wave = :wave"
                        + " and state in ('due', 'asked', 'issued')"
                        + " order by nonce limit :some)")
                .bind("state", state)
                .bind("why", state.equals("stuck") ? "unproven" : "")
                .bind("now", fleet.clock.instant().toEpochMilli())
                .bind("wave", wave)
                .bind("some", state.equals("stuck") ? badly : well)
                .execute();
          }
          // Who has a new certificate is due in two months.
          handle.execute(
              "update certificate set not_after = not_after + 5184000000,"
                  + " not_before = not_before + 5184000000 where principal in"
                  + " (select principal from rotation where state = 'retired' and wave = ?)",
              wave);
        });
  }

  private static Map<Long, Long> waves(Fleet fleet) {
    var sizes = new TreeMap<Long, Long>();
    fleet.rotations.status().waves().forEach(one -> sizes.put(one.number(), one.devices()));
    return sizes;
  }
}
