package io.sallyport.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerialTest {
  @Test
  void hexRoundTrips() {
    var serial = new Serial(new BigInteger("ff00112233445566778899aabbccddee", 16));
    assertThat(serial).hasToString("ff00112233445566778899aabbccddee");
    assertThat(Serial.ofHex(serial.hex())).isEqualTo(serial);
  }

  @Test
  void refusesZeroNegativeAndMoreThanTwentyOctets() {
    for (var value :
        new BigInteger[] {
          BigInteger.ZERO, BigInteger.ONE.negate(), BigInteger.ONE.shiftLeft(159)
        }) {
      assertThatThrownBy(() -> new Serial(value)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(new Serial(BigInteger.ONE.shiftLeft(159).subtract(BigInteger.ONE)).hex())
        .hasSize(40);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "FF", "0x1", "1 ", "g"})
  void refusesOtherText(String text) {
    assertThatThrownBy(() -> Serial.ofHex(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
