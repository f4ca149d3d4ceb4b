package io.sallyport.control.pins;

import static io.sallyport.control.RecordingPins.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.control.RecordingPins;
import io.sallyport.control.TestClock;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.enforcement.ServerPins.Use;
import io.sallyport.control.ledger.LedgerStore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PinsTest {
  private final TestClock clock = new TestClock();
  private final Instant end = clock.instant().plus(Duration.ofDays(1_000));

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void countsTheBundlesOfASetAndSaysOnceInTheLedgerThatItIsNew(TestDatabase kind) {
    try (var database = kind.fresh()) {
      var pins = new Pins(database, clock);
      var first = clock.instant();
      pins.handOut(server(1, 2, 3), 2, "alice");
      clock.advance(Duration.ofHours(1));
      var calendar = pins.handOut(server(1, 2, 3), 40, "bob");

      assertThat(calendar.deployed())
          .singleElement()
          .satisfies(
              set -> {
                assertThat(set.bundles()).isEqualTo(42);
                assertThat(set.firstAt()).isCloseTo(first, within(1, ChronoUnit.MINUTES));
                assertThat(set.lastAt())
                    .isCloseTo(first.plus(Duration.ofHours(1)), within(1, ChronoUnit.MINUTES));
                assertThat(set.pins())
                    .containsExactly(
                        new PinSet.Pin(Use.SERVER, key(1)),
                        new PinSet.Pin(Use.ISSUER, key(2)),
                        new PinSet.Pin(Use.BACKUP, key(3)));
              });
      assertThat(new LedgerStore(database).last(10))
          .singleElement()
          .satisfies(
              record -> {
                assertThat(record.event().type().word()).isEqualTo("pins-deployed");
                assertThat(record.event().actor()).isEqualTo("alice");
                assertThat(record.event().facts().get("pins")).contains("backup:" + key(3).pin());
              });
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aSetIsRetiredOnceAndForAll(TestDatabase kind) {
    try (var database = kind.fresh()) {
      var pins = new Pins(database, clock);
      var set = pins.handOut(server(1, 2, 3), 1, "alice").deployed().getFirst().id();

      assertThat(pins.objection(List.of(key(9)))).isPresent();
      assertThat(pins.retire("0000000000000000", "bob")).isFalse();
      assertThat(pins.retire(set, "bob")).isTrue();
      assertThat(pins.retire(set, "bob")).isFalse();

      assertThat(pins.objection(List.of(key(9)))).isEmpty();
      assertThat(new LedgerStore(database).last(1))
          .allSatisfy(record -> assertThat(record.event().type().word()).isEqualTo("pins-retired"));
    }
  }

  @Test
  void anInstallationThatHandedNothingOutShowsWhatItLikes() {
    assertThat(Pins.objection(List.of(), List.of(key(1)))).isEmpty();
  }

  @Test
  void aKeyThatNoDeviceWasToldOfIsRefusedEvenUnderAPinnedIssuer() {
    assertThat(Pins.objection(List.of(set(1, 2, 3)), List.of(key(9), key(2))))
        .hasValueSatisfying(why -> assertThat(why).contains(key(9).pin()));
  }

  @Test
  void theKeyAndItsBackupMayBeShown() {
    assertThat(Pins.objection(List.of(set(1, 2, 3)), List.of(key(1), key(2)))).isEmpty();
    assertThat(Pins.objection(List.of(set(1, 2, 3)), List.of(key(3), key(2)))).isEmpty();
    assertThat(Pins.objection(List.of(set(1, 2, 3)), List.of(key(3)))).isEmpty();
  }

  /** Some know the key itself, others its issuer: all let it be the server. */
  @Test
  void everyDeployedSetMustTakeThePath() {
    var old = set(7, 2, 8);

    assertThat(Pins.objection(List.of(old, set(1, 2, 3)), List.of(key(1), key(2)))).isEmpty();
    assertThat(Pins.objection(List.of(old, set(1, 2, 3)), List.of(key(1), key(4))))
        .hasValueSatisfying(why -> assertThat(why).contains(old.id()));
  }

  @Test
  void theIdIsThatOfTheContentWhateverItsOrder() {
    assertThat(set(1, 2, 3).id()).isEqualTo(set(3, 1, 2).id()).isNotEqualTo(set(1, 2, 4).id());
  }

  @Test
  void warnsBeforeAPinnedKeyCanNoLongerBeServed() {
    var soon = clock.instant().plus(Duration.ofDays(31));
    var server = new RecordingPins().with(Use.SERVER, 1, soon, soon).with(Use.BACKUP, 3, null, end);
    var deployed = List.of(set(1, 2, 3));

    assertThat(new PinCalendar(server.present(), deployed, clock.instant()).warnings()).isEmpty();
    var later = clock.instant().plus(Duration.ofDays(2));
    assertThat(new PinCalendar(server.present(), deployed, later).warnings())
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning).contains("server key " + key(1).pin()).contains(soon + ""));
    assertThat(new PinCalendar(server.present(), deployed, later).firstEnd()).contains(soon);
  }

  @Test
  void warnsOfDevicesThatRefuseTheServerAlready() {
    var calendar =
        new PinCalendar(server(7, 8, 9).present(), List.of(set(1, 2, 3)), clock.instant());

    assertThat(calendar.warnings())
        .singleElement()
        .satisfies(
            warning -> assertThat(warning).contains("no key of pin set " + set(1, 2, 3).id()));
    assertThat(calendar.firstEnd()).isEmpty();
  }

  /** The backup could still be served, but it is not what they see. */
  @Test
  void warnsOfDevicesThatRefuseWhatIsShown() {
    var calendar =
        new PinCalendar(server(7, 8, 3).present(), List.of(set(1, 2, 3)), clock.instant());

    assertThat(calendar.warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning).contains("refuse the certificate that is shown"));
  }

  /** A key that ended is as good as gone. */
  @Test
  void anEndThatHasPassedIsNoTimeToServeUntil() {
    var calendar =
        new PinCalendar(server(1, 2, 3).present(), List.of(set(1, 2, 3)), end.plusSeconds(1));

    assertThat(calendar.servableUntil(key(1))).isEmpty();
    assertThat(calendar.warnings()).singleElement().asString().startsWith("no key of pin set");
  }

  private RecordingPins server(int shown, int issuer, int backup) {
    return new RecordingPins()
        .with(Use.SERVER, shown, end, end)
        .with(Use.ISSUER, issuer, end, end)
        .with(Use.BACKUP, backup, null, end);
  }

  private PinSet set(int shown, int issuer, int backup) {
    var pins = PinSet.of(server(shown, issuer, backup).present());
    return new PinSet(PinSet.id(pins), pins, Instant.EPOCH, Instant.EPOCH, 1);
  }
}
