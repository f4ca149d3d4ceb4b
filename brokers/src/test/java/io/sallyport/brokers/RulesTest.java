package io.sallyport.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class RulesTest {
  private final Rules rules =
      Rules.of(
          List.of(
              "user backend",
              "topic read devices/#",
              "topic write devices/+/commands",
              "pattern write devices/%u/telemetry",
              "pattern read devices/%u/commands"));

  @Test
  void aPatternIsForEverybodyAndHasTheirName() {
    assertThat(rules.mayWrite("d-1", "devices/d-1/telemetry")).isTrue();
    assertThat(rules.mayWrite("d-1", "devices/d-2/telemetry")).isFalse();
    assertThat(rules.mayRead("d-1", "devices/d-1/commands")).isTrue();
  }

  @Test
  void aTopicIsForItsUserAlone() {
    assertThat(rules.mayRead("backend", "devices/+/telemetry")).isTrue();
    assertThat(rules.mayWrite("backend", "devices/d-1/commands")).isTrue();
    assertThat(rules.mayRead("d-1", "devices/+/telemetry")).isFalse();
    assertThat(rules.mayWrite("d-1", "devices/d-2/commands")).isFalse();
  }

  @Test
  void toWriteIsNotToRead() {
    assertThat(rules.mayRead("d-1", "devices/d-1/telemetry")).isFalse();
    assertThat(rules.mayWrite("d-1", "devices/d-1/commands")).isFalse();
  }

  @Test
  void aFilterIsGrantedOnlyIfAllOfItIsCovered() {
    assertThat(rules.mayRead("d-1", "devices/+/commands")).isFalse();
    assertThat(rules.mayRead("d-1", "devices/d-1/#")).isFalse();
    assertThat(rules.mayRead("d-1", "#")).isFalse();
    assertThat(rules.mayRead("backend", "devices/#")).isTrue();
    assertThat(rules.mayWrite("backend", "devices/d-1/commands/more")).isFalse();
  }

  @Test
  void refusesWhatItDoesNotUnderstand() {
    assertThatIllegalArgumentException().isThrownBy(() -> Rules.of(List.of("deny all")));
    assertThatIllegalArgumentException().isThrownBy(() -> Rules.of(List.of("topic readwrite a")));
  }
}
