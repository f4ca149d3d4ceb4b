package io.sallyport.control.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.registry.KeyUses;
import io.sallyport.control.store.StoreUnavailable;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.rotation.CertificateUse;
import io.sallyport.identity.rotation.PaceRules;
import io.sallyport.identity.rotation.RotationRules;
import io.sallyport.ledger.EventType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What keys protected: counted once, and a reason to replace them, on both databases. */
class WornKeysTest {
  private final List<CertificateUse> carried = new ArrayList<>();

  private static RotationSettings settings(@Nullable Long messages, @Nullable Long bytes) {
    var usual = RotationRules.USUAL;
    return new RotationSettings(
        true,
        new RotationRules(
            usual.beforeExpiry(),
            usual.lifeShare(),
            null,
            messages,
            bytes,
            Duration.ZERO,
            usual.answer(),
            usual.proofMax(),
            usual.grace(),
            usual.again()),
        PaceRules.USUAL,
        Duration.ofMinutes(10));
  }

  private UseRecorder recorder(Fleet fleet, String name) {
    return new UseRecorder(fleet.database, this::take, fleet.clock, name);
  }

  private List<CertificateUse> take() {
    var taken = List.copyOf(carried);
    carried.clear();
    return taken;
  }

  private static Map<Fingerprint, CertificateUse> uses(Fleet fleet, String id) {
    return fleet.database.read(
        handle -> KeyUses.of(handle, PrincipalKind.DEVICE, new PrincipalId(id)));
  }

  private static void add(Fleet fleet, String reporter, long number, CertificateUse... uses) {
    fleet.database.change(
        handle -> KeyUses.add(handle, reporter, number, List.of(uses), fleet.clock.instant()));
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aReportIsAddedOnceHoweverOftenItComes(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      var one = fleet.enrol("dev-1").fingerprint();
      var two = fleet.enrol("dev-2").fingerprint();
      var stranger = new Fingerprint("00".repeat(32));
      var report = new CertificateUse(one, 10, 1_000);

      add(fleet, "gate-a", 1, report, new CertificateUse(stranger, 5, 5));
      add(fleet, "gate-a", 1, report);
      assertThat(uses(fleet, "dev-1")).containsExactly(Map.entry(one, report));
      assertThat(uses(fleet, "dev-2")).isEmpty();

      // Another gate on the same registry, and the same one later; one that comes late is not new.
      add(fleet, "gate-b", 1, report, new CertificateUse(two, 1, 1));
      add(fleet, "gate-a", 2, report);
      add(fleet, "gate-a", 1, report);
      assertThat(uses(fleet, "dev-1")).containsEntry(one, new CertificateUse(one, 30, 3_000));
      assertThat(uses(fleet, "dev-2")).containsEntry(two, new CertificateUse(two, 1, 1));
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aKeyThatIsCertifiedAgainIsAsWornAsBefore(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      var first = fleet.enrol("dev-1").fingerprint();
      var again = new Fingerprint("ab".repeat(32));
      fleet.database.change(
          handle ->
              handle.execute(
                  "insert into certificate (serial, kind, principal, status, public_key_sha256,"
                      + " recorded_at, fingerprint, not_before, not_after, pem, issuer)"
                      + " select '0a', kind, principal, status, public_key_sha256, recorded_at + 1,"
                      + " ?, not_before, not_after, pem, issuer from certificate"
                      + " where fingerprint = ?",
                  again.hex(),
                  first.hex()));
      add(fleet, "gate", 1, new CertificateUse(first, 10, 100), new CertificateUse(again, 1, 10));

      assertThat(uses(fleet, "dev-1"))
          .containsEntry(first, new CertificateUse(first, 11, 110))
          .containsEntry(again, new CertificateUse(again, 11, 110));
    }
  }

  /** The fault: the database is away while gates count. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatCannotBeWrittenIsWrittenLaterAndOnce(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      var one = fleet.enrol("dev-1").fingerprint();
      var recorder = recorder(fleet, "gate");
      carried.add(new CertificateUse(one, 1, 10));
      recorder.write();

      fleet.database.change(handle -> handle.execute("alter table key_use rename to away"));
      carried.add(new CertificateUse(one, 2, 20));
      assertThatThrownBy(recorder::write).isInstanceOf(StoreUnavailable.class);
      carried.add(new CertificateUse(one, 4, 40));
      assertThatThrownBy(recorder::write).isInstanceOf(StoreUnavailable.class);
      assertThat(carried).as("kept where it was counted").hasSize(1);
      fleet.database.change(handle -> handle.execute("alter table away rename to key_use"));

      recorder.write();
      recorder.write();
      assertThat(uses(fleet, "dev-1")).containsEntry(one, new CertificateUse(one, 7, 70));
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void manyCertificatesAreWrittenInGroups(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      for (int i = 0; i < 2 * UseRecorder.GROUP_MAX + 1; i++) {
        carried.add(new CertificateUse(new Fingerprint("%064x".formatted(i)), 1, 1));
      }
      var recorder = recorder(fleet, "gate");
      recorder.write();

      assertThat(reports(fleet)).containsExactly(3L);
      // The process is gone for long; its name goes, too.
      recorder(fleet, "next").forget();
      assertThat(reports(fleet)).hasSize(1);
      fleet.clock.advance(Duration.ofDays(101));
      recorder(fleet, "next").forget();
      assertThat(reports(fleet)).isEmpty();
    }
  }

  private static List<Long> reports(Fleet fleet) {
    return fleet.database.read(
        handle ->
            handle
                .createQuery("select number from key_use_report order by reporter")
                .mapTo(Long.class)
                .list());
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whoeverHasCarriedTooMuchIsAskedAndItsNewKeyBeginsAnew(TestDatabase kind) {
    try (var fleet = new Fleet(kind, settings(1_000L, null))) {
      var busy = fleet.enrol("busy").fingerprint();
      var quiet = fleet.enrol("quiet").fingerprint();
      add(fleet, "gate", 1, new CertificateUse(busy, 999, 1L << 40));
      fleet.pass(Duration.ofDays(1));
      assertThat(fleet.rotations.page(null, "", 10)).isEmpty();

      add(fleet, "gate", 2, new CertificateUse(busy, 1, 9), new CertificateUse(quiet, 998, 9));
      fleet.pass(Duration.ofHours(1));
      fleet.pass(Duration.ofHours(1));
      assertThat(fleet.rotations.page(null, "", 10)).hasSize(1);
      var rotation = fleet.of("busy");
      assertThat(rotation.cause()).isEqualTo("messages");
      assertThat(rotation.state()).isEqualTo(RotationState.ASKED);
      assertThat(fleet.rotations.status().causes()).isEqualTo(Map.of("messages", 1L));

      fleet.answer("busy", rotation.nonce(), Desk.csr("busy"));
      var fresh = fleet.successor("busy");
      fleet.arrive("busy", fresh);
      assertThat(uses(fleet, "busy")).containsOnlyKeys(busy);
      add(fleet, "gate", 3, new CertificateUse(fresh, 2, 20));
      assertThat(uses(fleet, "busy")).containsEntry(fresh, new CertificateUse(fresh, 2, 20));

      fleet.pass(Duration.ofDays(2));
      assertThat(fleet.of("busy").state()).isEqualTo(RotationState.RETIRED);
      assertThat(fleet.events(EventType.CERTIFICATE_RETIRED).getLast().facts())
          .containsEntry("cause", "messages");
      fleet.pass(Duration.ofDays(2));
      assertThat(fleet.of("busy").nonce()).as("not asked again").isEqualTo(rotation.nonce());
      assertThat(fleet.rotations.status().causes()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void bytesWearKeysToo(TestDatabase kind) {
    try (var fleet = new Fleet(kind, settings(null, 1L << 33))) {
      var heavy = fleet.enrol("heavy").fingerprint();
      add(fleet, "gate", 1, new CertificateUse(heavy, Long.MAX_VALUE / 2, (1L << 33) - 1));
      fleet.pass(Duration.ofDays(1));
      assertThat(fleet.rotations.page(null, "", 10)).isEmpty();
      add(fleet, "gate", 2, new CertificateUse(heavy, 0, 1));
      fleet.pass(Duration.ofHours(1));
      assertThat(fleet.of("heavy").cause()).isEqualTo("bytes");
    }
  }

  /** A device whose own moment within the spread has not come is worn all the same. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aWornKeyDoesNotWaitForItsMomentBeforeTheEnd(TestDatabase kind) {
    var usual = settings(10L, null);
    var rules = usual.rules();
    var spread =
        new RotationSettings(
            true,
            new RotationRules(
                rules.beforeExpiry(),
                rules.lifeShare(),
                null,
                rules.messagesMax(),
                null,
                Duration.ofDays(30),
                rules.answer(),
                rules.proofMax(),
                rules.grace(),
                rules.again()),
            usual.pace(),
            usual.countEvery());
    try (var fleet = new Fleet(kind, spread)) {
      var worn = fleet.enrol("worn").fingerprint();
      fleet.pass(Duration.ofDays(60).plusMinutes(5));
      assertThat(fleet.rotations.page(null, "", 10)).as("its moment is later").isEmpty();
      add(fleet, "gate", 1, new CertificateUse(worn, 10, 10));
      fleet.pass(Duration.ofHours(2));
      assertThat(fleet.of("worn").cause()).isEqualTo("messages");
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatWasCountedIsWrittenAtTheEnd(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      var one = fleet.enrol("dev-1").fingerprint();
      fleet.rotations.count(this::take);
      assertThatThrownBy(() -> fleet.rotations.count(this::take))
          .isInstanceOf(IllegalStateException.class);
      carried.add(new CertificateUse(one, 3, 30));
      fleet.rotations.close();
      assertThat(uses(fleet, "dev-1")).containsEntry(one, new CertificateUse(one, 3, 30));
    }
  }
}
