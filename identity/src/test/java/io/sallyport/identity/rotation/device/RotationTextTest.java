package io.sallyport.identity.rotation.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a device writes, it reads; nothing else. */
class RotationTextTest {
  private static final Ask ASK =
      new Ask(
          "n-1_x", Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-08T00:00:00Z"));
  private static final Keyring ONE = new Keyring(List.of(4L), 4);
  private static final Keyring TWO = new Keyring(List.of(4L, 2L), 2);

  @Test
  void readsEveryStageThatItWrites() throws MalformedRotation {
    for (var ask : List.of(Optional.of(ASK), Optional.<Ask>empty())) {
      for (var state :
          List.of(
              new DeviceRotation(ONE, new RotationStage.Idle(), 5, ask),
              new DeviceRotation(TWO, new RotationStage.Making(ask, 5), 6, ask),
              new DeviceRotation(TWO, new RotationStage.Requesting(ask, 5), 6, ask),
              new DeviceRotation(TWO, new RotationStage.Trying(ask), 5, ask),
              new DeviceRotation(TWO, new RotationStage.Proven(), 5, ask))) {
        assertThat(RotationText.parse(RotationText.of(state))).isEqualTo(state);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "form=2\nkeys=0\nworking=0\nstage=idle\nnext=1\n",
        "form=1\nkeys=0\nworking=0\nstage=idle\n",
        "form=1\nkeys=0\nworking=1\nstage=idle\nnext=1\n",
        "form=1\nkeys=0 1\nworking=1\nstage=idle\nnext=2\n",
        "form=1\nkeys=0\nworking=0\nstage=idle\nnext=0\n",
        "form=1\nkeys=0\nworking=0\nstage=asleep\nnext=1\n",
        "form=1\nkeys=0\nworking=0\nstage=trying\nnext=1\n",
        "form=1\nkeys=0\nworking=0\nstage=making\nnext=2\n",
        "form=1\nkeys=0\nworking=0\nstage=idle\nnext=1\nmore=1\n",
        "form=1\nkeys=0\nkeys=0\nworking=0\nstage=idle\nnext=1\n",
        "form=1\nkeys=0\nworking=0\nstage=idle\nnext=1\ndone=n x y\n",
        "form=1\nkeys=0\nworking=0\nstage=idle\nnext=1\ndone=n\n",
        "form=1\nkeys=4 3 2 1\nworking=1\nstage=proven\nnext=5\n",
        "form=1\nkeys\nworking=0\nstage=idle\nnext=1\n",
      })
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> RotationText.parse(text)).isInstanceOf(MalformedRotation.class);
  }
}
