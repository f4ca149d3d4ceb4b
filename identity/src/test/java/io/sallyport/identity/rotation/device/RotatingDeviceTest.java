package io.sallyport.identity.rotation.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.rotation.Jitter;
import io.sallyport.identity.rotation.device.DeviceEffect.Connect;
import io.sallyport.identity.rotation.device.DeviceEffect.KeepOnly;
import io.sallyport.identity.rotation.device.DeviceEffect.MakeKey;
import io.sallyport.identity.rotation.device.DeviceEffect.Notice;
import io.sallyport.identity.rotation.device.DeviceEffect.RenewExpired;
import io.sallyport.identity.rotation.device.DeviceEffect.Report;
import io.sallyport.identity.rotation.device.DeviceEffect.SendRequest;
import io.sallyport.identity.rotation.device.DeviceEffect.WakeAfter;
import io.sallyport.identity.rotation.device.DeviceEvent.Asked;
import io.sallyport.identity.rotation.device.DeviceEvent.Certified;
import io.sallyport.identity.rotation.device.DeviceEvent.ConnectFailed;
import io.sallyport.identity.rotation.device.DeviceEvent.Connected;
import io.sallyport.identity.rotation.device.DeviceEvent.Disconnected;
import io.sallyport.identity.rotation.device.DeviceEvent.KeyMade;
import io.sallyport.identity.rotation.device.DeviceEvent.RenewalFailed;
import io.sallyport.identity.rotation.device.DeviceEvent.RequestRefused;
import io.sallyport.identity.rotation.device.DeviceEvent.Restarted;
import io.sallyport.identity.rotation.device.DeviceEvent.Woken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A device makes before it breaks, whatever happens in between. */
class RotatingDeviceTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Ask ASK = ask("first", 0);
  private static final Ask LATER = ask("later", 10);

  private RotatingDevice device = device(DeviceRotation.enrolled());
  private List<DeviceEffect> effects = List.of();

  private static Ask ask(String nonce, int day) {
    var asked = BEGIN.plus(Duration.ofDays(day));
    return new Ask(nonce, asked, asked.plus(Duration.ofDays(7)));
  }

  private static RotatingDevice device(DeviceRotation stored) {
    return new RotatingDevice(stored, DeviceRules.USUAL, new Jitter(1), "device-001");
  }

  private void happens(DeviceEvent... events) {
    for (var event : events) {
      effects = device.on(event);
    }
  }

  private void reboots() throws MalformedRotation {
    device = device(RotationText.parse(RotationText.of(device.state())));
    happens(new Restarted());
  }

  private RotationStage stage() {
    return device.state().stage();
  }

  private void isTrying() {
    happens(
        new Restarted(),
        new Connected(0),
        new Asked(ASK),
        new KeyMade(1),
        new Certified(1, CertificateCheck.GOOD));
  }

  private long ticket() {
    return effects.stream()
        .filter(WakeAfter.class::isInstance)
        .map(WakeAfter.class::cast)
        .findFirst()
        .orElseThrow()
        .ticket();
  }

  @Test
  void makesAKeyThenRequestsThenTriesAndKeepsTheOldUntilItIsTold() {
    happens(new Restarted());
    assertThat(effects).containsExactly(new KeepOnly(Set.of(0L)), new Connect(0));
    happens(new Connected(0), new Asked(ASK));
    assertThat(effects).containsExactly(new KeepOnly(Set.of(0L, 1L)), new MakeKey(1));
    happens(new KeyMade(1));
    assertThat(effects)
        .contains(new Report(Notice.REQUESTED, "first"), new SendRequest(1, "first"));
    happens(new Certified(1, CertificateCheck.GOOD));
    assertThat(effects)
        .containsExactly(
            new KeepOnly(Set.of(0L, 1L)), new Report(Notice.INSTALLED, "first"), new Connect(1));
    happens(new Connected(1));
    assertThat(effects).contains(new Report(Notice.PROVEN, "first"));
    assertThat(device.state().keys().newestFirst()).containsExactly(1L, 0L);
    happens(new Woken(ticket()));
    assertThat(effects).containsExactly(new KeepOnly(Set.of(1L)));
    assertThat(device.state().keys().newestFirst()).containsExactly(1L);
    happens(new Asked(ASK));
    assertThat(effects).containsExactly(new Report(Notice.PROVEN, "first"));
  }

  @Test
  void goesOnWithTheOldAndTriesTheNewAgain() {
    isTrying();
    happens(new ConnectFailed(1, Refusal.UNREACHABLE));
    assertThat(effects).hasSize(1);
    happens(new Woken(ticket()));
    assertThat(effects).containsExactly(new Connect(1));
    happens(new ConnectFailed(1, Refusal.REFUSED));

    assertThat(effects).contains(new Report(Notice.FAILED, "first"));
    assertThat(device.state().keys().newestFirst()).containsExactly(1L, 0L);
  }

  @Test
  void startsEveryStepAgainAfterAReboot() throws MalformedRotation {
    happens(new Restarted(), new Connected(0), new Asked(ASK));
    reboots();
    assertThat(effects)
        .containsExactly(new KeepOnly(Set.of(0L, 1L)), new MakeKey(1), new Connect(0));
    happens(new KeyMade(1));
    assertThat(effects).isEmpty();
    reboots();
    assertThat(effects).containsExactly(new KeepOnly(Set.of(0L, 1L)), new Connect(0));
    happens(new Connected(0));
    assertThat(effects).contains(new SendRequest(1, "first"));
    happens(new Certified(1, CertificateCheck.GOOD));
    reboots();
    assertThat(effects).containsExactly(new KeepOnly(Set.of(0L, 1L)), new Connect(1));
    happens(new ConnectFailed(1, Refusal.REFUSED));
    assertThat(effects).containsExactly(new Connect(0));
    happens(new Connected(0));
    assertThat(effects).contains(new Report(Notice.FAILED, "first"));
    happens(new Woken(ticket()), new Connected(1));
    assertThat(stage()).isEqualTo(new RotationStage.Proven());
    reboots();
    assertThat(effects).containsExactly(new KeepOnly(Set.of(0L, 1L)), new Connect(1));
  }

  @Test
  void returnsToTheOldThoughTheNewHadWorked() {
    isTrying();
    happens(new Connected(1), new Disconnected(1));
    happens(new Woken(ticket()), new ConnectFailed(1, Refusal.REFUSED), new Connected(0));

    assertThat(stage()).isInstanceOf(RotationStage.Trying.class);
  }

  @Test
  void forgetsTheOldAfterAWhileHoweverOftenItConnects() {
    isTrying();
    happens(new Connected(1));
    var old = ticket();
    happens(new Woken(old - 1));
    assertThat(stage()).isEqualTo(new RotationStage.Proven());
    happens(new Disconnected(1));
    happens(new Woken(ticket()), new Connected(1));
    assertThat(effects).doesNotHaveAnyElementsOfTypes(WakeAfter.class);
    happens(new Woken(old));

    assertThat(effects).containsExactly(new KeepOnly(Set.of(1L)));
  }

  @Test
  void forgetsTheOldOnlyWhenTheNewOneWorks() {
    isTrying();
    happens(new Connected(1));
    var old = ticket();
    happens(new Disconnected(1));
    var away = ticket();
    happens(new Woken(old));
    assertThat(effects).isEmpty();
    happens(new Woken(away), new ConnectFailed(1, Refusal.UNREACHABLE), new Connected(0));
    assertThat(device.state().keys().newestFirst()).containsExactly(1L, 0L);
    assertThat(stage()).isInstanceOf(RotationStage.Trying.class);
    happens(new Woken(ticket()), new Connected(1));
    assertThat(device.state().keys().newestFirst()).containsExactly(1L, 0L);
    var anew = ticket();
    happens(new Disconnected(1));
    away = ticket();
    happens(new Woken(anew), new Woken(away), new Connected(1));

    assertThat(effects).contains(new KeepOnly(Set.of(1L)));
    assertThat(device.state().keys().newestFirst()).containsExactly(1L);
  }

  @Test
  void givesUpANewOneOnlyByTwoSigns() {
    isTrying();
    happens(new ConnectFailed(1, Refusal.UNREACHABLE), new Asked(LATER));
    assertThat(effects).containsExactly(new Connect(1));
    happens(new Asked(LATER), new ConnectFailed(1, Refusal.UNREACHABLE));
    assertThat(device.state().keys().newestFirst()).containsExactly(1L, 0L);
    happens(new Asked(LATER), new ConnectFailed(1, Refusal.REFUSED));

    assertThat(device.state().keys().newestFirst()).containsExactly(0L);
    assertThat(effects).containsExactly(new KeepOnly(Set.of(0L, 2L)), new MakeKey(2));
  }

  @Test
  void followsALaterAskOnceTheNewOneWorked() {
    isTrying();
    happens(new ConnectFailed(1, Refusal.UNREACHABLE), new Asked(LATER), new Connected(1));

    assertThat(effects).contains(new KeepOnly(Set.of(1L, 2L)), new MakeKey(2));
  }

  @Test
  void takesTheLaterOfTwoAsksWhateverTheirOrder() {
    happens(new Restarted(), new Connected(0), new Asked(LATER), new Asked(ASK), new KeyMade(1));
    assertThat(effects).contains(new SendRequest(1, "later"));
    happens(new Asked(ASK));
    assertThat(effects).isEmpty();
    happens(new Asked(LATER));
    assertThat(effects).contains(new SendRequest(1, "later"));
    happens(new Asked(ask("last", 20)));
    assertThat(effects).containsExactly(new KeepOnly(Set.of(0L, 2L)), new MakeKey(2));
  }

  @Test
  void ignoresWhatIsLateOrNotItsOwn() {
    isTrying();
    happens(new Connected(1));
    happens(new Woken(ticket()));
    var before = device.state();

    for (var event :
        List.of(
            new KeyMade(1),
            new Certified(1, CertificateCheck.GOOD),
            new RequestRefused(1),
            new Connected(9),
            new ConnectFailed(0, Refusal.REFUSED),
            new RenewalFailed(1, Refusal.REFUSED),
            new Disconnected(0),
            new Woken(99))) {
      happens(event);
      assertThat(effects).isEmpty();
      assertThat(device.state()).isEqualTo(before);
    }
  }

  @Test
  void staysWithTheOldIfTheCertificateIsNotUsableOrRefused() {
    for (var check : CertificateCheck.values()) {
      if (check != CertificateCheck.GOOD) {
        device = device(DeviceRotation.enrolled());
        happens(new Restarted(), new Connected(0), new Asked(ASK), new KeyMade(1));
        happens(new Certified(1, check));
        assertThat(stage()).isEqualTo(new RotationStage.Idle());
        assertThat(effects)
            .containsExactly(new KeepOnly(Set.of(0L)), new Report(Notice.FAILED, "first"));
      }
    }
    happens(new Asked(ASK), new KeyMade(2), new RequestRefused(2));
    assertThat(stage()).isEqualTo(new RotationStage.Idle());
  }

  @Test
  void goesToTheDoorForExpiredCredentialsOncePerRound() {
    happens(new Restarted(), new ConnectFailed(0, Refusal.EXPIRED));
    assertThat(effects).containsExactly(new KeepOnly(Set.of(0L, 1L)), new MakeKey(1));
    happens(new KeyMade(1));
    assertThat(effects).containsExactly(new RenewExpired(0, 1));
    happens(new RenewalFailed(0, Refusal.UNREACHABLE));
    happens(new Woken(ticket()), new ConnectFailed(0, Refusal.EXPIRED));
    assertThat(effects).containsExactly(new RenewExpired(0, 1));
    happens(new Certified(1, CertificateCheck.GOOD));
    assertThat(effects).containsExactly(new KeepOnly(Set.of(0L, 1L)), new Connect(1));
    happens(new ConnectFailed(1, Refusal.REFUSED), new ConnectFailed(0, Refusal.EXPIRED));
    assertThat(effects).hasSize(1).first().isInstanceOf(WakeAfter.class);
    happens(new Woken(ticket()), new Connected(1));
    assertThat(stage()).isEqualTo(new RotationStage.Proven());
  }

  @Test
  void asksThereAlsoIfNobodySaysWhyItIsRefused() {
    happens(new Restarted());
    for (int round = 1; round < Walk.REFUSED_ROUNDS; round++) {
      happens(new ConnectFailed(0, Refusal.REFUSED));
      happens(new Woken(ticket()));
    }
    happens(new ConnectFailed(0, Refusal.REFUSED), new KeyMade(1));

    assertThat(effects).containsExactly(new RenewExpired(0, 1));
  }

  @Test
  void comesBackThroughTheOrdinaryDoorWhateverItHadBegun() {
    happens(new Restarted(), new ConnectFailed(0, Refusal.EXPIRED), new Connected(0));
    assertThat(stage()).isEqualTo(new RotationStage.Idle());
    happens(new Restarted(), new ConnectFailed(0, Refusal.EXPIRED), new KeyMade(2));
    happens(new RequestRefused(2));
    happens(new Woken(ticket()), new Connected(0));
    assertThat(stage()).isEqualTo(new RotationStage.Idle());
  }

  @Test
  void neverHoldsMoreThanThree() throws MalformedRotation {
    isTrying();
    happens(new ConnectFailed(1, Refusal.UNREACHABLE), new Disconnected(0));
    for (long key = 2; key < 9; key++) {
      reboots();
      for (long held : device.state().keys().newestFirst()) {
        happens(new ConnectFailed(held, Refusal.EXPIRED));
      }
      happens(new KeyMade(key), new Certified(key, CertificateCheck.GOOD));
      assertThat(device.state().keys().newestFirst())
          .hasSizeLessThanOrEqualTo(Keyring.HELD_MAX)
          .contains(0L, key);
    }
  }

  @Test
  void refusesAStateThatNoStepLeadsTo() {
    var ring = new Keyring(List.of(1L, 0L), 0);

    assertThatThrownBy(
            () -> new DeviceRotation(ring, new RotationStage.Idle(), 1, java.util.Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Keyring(List.of(), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Keyring(List.of(0L, 1L), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ask("a b", 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
