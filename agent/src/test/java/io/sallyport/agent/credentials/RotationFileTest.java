package io.sallyport.agent.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.rotation.device.Ask;
import io.sallyport.identity.rotation.device.DeviceRotation;
import io.sallyport.identity.rotation.device.Keyring;
import io.sallyport.identity.rotation.device.RotationStage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RotationFileTest {
  private static final Ask ASK =
      new Ask("n-1", Instant.parse("2026-11-23T10:00:00Z"), Instant.parse("2026-12-01T00:00:00Z"));

  static Stream<DeviceRotation> states() {
    var one = new Keyring(List.of(0L), 0);
    var two = new Keyring(List.of(1L, 0L), 0);
    return Stream.of(
        DeviceRotation.enrolled(),
        new DeviceRotation(one, new RotationStage.Making(Optional.of(ASK), 1), 2, Optional.empty()),
        new DeviceRotation(one, new RotationStage.Making(Optional.empty(), 1), 2, Optional.of(ASK)),
        new DeviceRotation(
            one, new RotationStage.Requesting(Optional.of(ASK), 1), 2, Optional.empty()),
        new DeviceRotation(
            one, new RotationStage.Requesting(Optional.empty(), 1), 2, Optional.empty()),
        new DeviceRotation(two, new RotationStage.Trying(Optional.of(ASK)), 2, Optional.empty()),
        new DeviceRotation(two, new RotationStage.Trying(Optional.empty()), 2, Optional.of(ASK)),
        new DeviceRotation(
            new Keyring(List.of(1L, 0L), 1), new RotationStage.Proven(), 2, Optional.of(ASK)));
  }

  @ParameterizedTest
  @MethodSource("states")
  void whatIsWrittenIsRead(DeviceRotation state) {
    assertThat(RotationFile.read(RotationFile.write(state))).isEqualTo(state);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"held\":[0],\"working\":0,\"next\":1,\"stage\":{\"is\":\"asleep\"}}",
        "{\"held\":[0],\"working\":7,\"next\":1,\"stage\":{\"is\":\"idle\"}}",
        "{\"held\":[0],\"working\":0,\"next\":0,\"stage\":{\"is\":\"idle\"}}"
      })
  void anythingElseIsRefused(String file) {
    assertThatThrownBy(() -> RotationFile.read(file.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(RuntimeException.class);
  }
}
