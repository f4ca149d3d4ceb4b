package io.sallyport.firmware.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AcceptanceTest {
  private static final SignedManifest RELEASE =
      Samples.ALICE.sign(SignedManifest.unsigned(Samples.manifest()));
  private static final FirmwareName BOOTLOADER = new FirmwareName("bootloader");

  @Test
  void takesWhatIsSignedFreshAndMeantForTheDevice() throws Exception {
    Acceptance.require(RELEASE, Samples.trust(), Samples.state());
    // Without a clock nothing is known of its age; the counter still is.
    Acceptance.require(RELEASE, Samples.trust(), at(null, 0));
    Acceptance.requireImage(RELEASE.manifest(), new ByteArrayInputStream(Samples.IMAGE));
  }

  @Test
  void looksAtSignaturesBeforeAllElse() {
    refuses(
        SignedManifest.unsigned(Samples.manifest()),
        with(new FirmwareName("lamp"), Samples.HARDWARE),
        Refusal.TOO_FEW_SIGNERS);
  }

  @Test
  void refusesWhatIsForAnother() {
    refuses(RELEASE, with(new FirmwareName("lamp"), Samples.HARDWARE), Refusal.OTHER_NAME);
    refuses(RELEASE, with(Samples.NAME, new HardwareId("pump-v3")), Refusal.OTHER_HARDWARE);
  }

  @Test
  void refusesADowngradeByTheCounterAlone() {
    refuses(RELEASE, at(Samples.NOW, 8), Refusal.DOWNGRADE);
  }

  @Test
  void refusesWhatIsOutOfItsTime() throws Exception {
    var expires = RELEASE.manifest().expires();

    refuses(RELEASE, at(expires, 0), Refusal.EXPIRED);
    Acceptance.require(RELEASE, Samples.trust(), at(expires.minusSeconds(1), 0));
    Acceptance.require(RELEASE, Samples.trust(), at(Samples.NOW.minus(Acceptance.SKEW), 0));
    refuses(
        RELEASE,
        at(Samples.NOW.minus(Acceptance.SKEW).minus(Duration.ofSeconds(1)), 0),
        Refusal.NOT_YET_VALID);
  }

  @Test
  void refusesWhatItCannotStandOn() {
    refuses(RELEASE, standingOn(Map.of()), Refusal.DEPENDENCY);
    refuses(
        RELEASE, standingOn(Map.of(BOOTLOADER, new FirmwareVersion("1.9.9"))), Refusal.DEPENDENCY);
  }

  @Test
  void refusesAnImageOfAnotherLengthOrContent() {
    var altered = Samples.IMAGE.clone();
    altered[3] ^= 1;

    refuses(Arrays.copyOf(Samples.IMAGE, Samples.IMAGE.length - 1), Refusal.SIZE);
    refuses(Arrays.copyOf(Samples.IMAGE, Samples.IMAGE.length + 1), Refusal.SIZE);
    refuses(altered, Refusal.DIGEST);
  }

  /** The attack "endless data": no more is read than one byte behind the end. */
  @Test
  void endlessDataIsNotReadToItsEnd() {
    var endless =
        new InputStream() {
          private long given;

          @Override
          public int read() {
            given++;
            return 0;
          }

          @Override
          public int read(byte[] into, int from, int length) {
            given += length;
            return length;
          }
        };

    assertThatThrownBy(() -> Acceptance.requireImage(RELEASE.manifest(), endless))
        .isInstanceOf(FirmwareRefused.class);
    assertThat(endless.given).isEqualTo(Samples.IMAGE.length + 1L);
  }

  private static void refuses(byte[] image, Refusal refusal) {
    assertThatThrownBy(
            () -> Acceptance.requireImage(RELEASE.manifest(), new ByteArrayInputStream(image)))
        .isInstanceOfSatisfying(
            FirmwareRefused.class, e -> assertThat(e.refusal()).isEqualTo(refusal));
  }

  private static void refuses(SignedManifest signed, InstalledState state, Refusal refusal) {
    assertThatThrownBy(() -> Acceptance.require(signed, Samples.trust(), state))
        .isInstanceOfSatisfying(
            FirmwareRefused.class, e -> assertThat(e.refusal()).isEqualTo(refusal));
  }

  private static InstalledState at(@Nullable Instant now, long counter) {
    var state = Samples.state();
    return new InstalledState(
        state.name(), state.hardware(), counter, state.installed(), Optional.ofNullable(now));
  }

  private static InstalledState with(FirmwareName name, HardwareId hardware) {
    return new InstalledState(name, hardware, 0, Map.of(), Optional.of(Samples.NOW));
  }

  private static InstalledState standingOn(Map<FirmwareName, FirmwareVersion> installed) {
    return new InstalledState(
        Samples.NAME, Samples.HARDWARE, 0, installed, Optional.of(Samples.NOW));
  }
}
