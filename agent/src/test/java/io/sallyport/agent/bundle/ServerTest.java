package io.sallyport.agent.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTest {
  @Test
  void aNameAnAddressAndOneInBrackets() {
    assertThat(Server.parse("gate.example:8883")).isEqualTo(new Server("gate.example", 8883));
    assertThat(Server.parse("192.0.2.1:1")).hasToString("192.0.2.1:1");
    assertThat(Server.parse("[2001:db8::1]:65535"))
        .isEqualTo(new Server("2001:db8::1", 65_535))
        .hasToString("[2001:db8::1]:65535");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gate.example", ":8883", "gate.example:", "gate:x", "gate:0", "gate:65536"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> Server.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not ");
  }
}
