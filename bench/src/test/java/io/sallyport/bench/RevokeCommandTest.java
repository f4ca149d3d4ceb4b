package io.sallyport.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bench.load.LoadFailure;
import org.junit.jupiter.api.Test;

class RevokeCommandTest {
  @Test
  void readsWhenASessionOfTheRevokedDeviceEnded() {
    assertThat(RevokeCommand.closedAt("closed bench-device-7 123", "bench-device-7"))
        .isEqualTo(123);
    assertThat(RevokeCommand.closedAt("closed bench-device-7:12 124", "bench-device-7"))
        .isEqualTo(124);
  }

  @Test
  void isVoidWhenAnotherDeviceLosesItsSession() {
    assertThatThrownBy(() -> RevokeCommand.closedAt("closed bench-device-71 123", "bench-device-7"))
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining("bench-device-71");
  }
}
