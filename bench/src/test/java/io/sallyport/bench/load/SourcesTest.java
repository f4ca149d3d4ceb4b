package io.sallyport.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SourcesTest {
  @Test
  void devicesComeFromEightAddressesOfOnePrefix() {
    assertThat(addresses(Sources.DEVICES, 100)).hasSize(8).contains("127.0.0.2", "127.0.0.9");
  }

  @Test
  void everyPrefixHasAllOfItsHosts() {
    var sources = new Sources("127.1.250", 3, 1, 2);

    assertThat(addresses(sources, 6))
        .containsExactlyInAnyOrder(
            "127.1.250.1",
            "127.1.251.1",
            "127.1.252.1",
            "127.1.250.2",
            "127.1.251.2",
            "127.1.252.2");
  }

  @Test
  void aNumberAlwaysHasTheSameAddressWhateverItsSign() {
    assertThat(Sources.DEVICES.address(Integer.MIN_VALUE)).startsWith("127.0.0.");
    assertThat(Sources.DEVICES.address(11)).isEqualTo(Sources.DEVICES.address(3));
  }

  @Test
  void neverLeavesTheLoopbackBlock() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Sources("10.0.0", 1, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Sources("127.0.250", 9, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Sources("127.0.0", 1, 200, 56));
    assertThatIllegalArgumentException().isThrownBy(() -> new Sources("127.0.0", 1, 0, 5));
  }

  private static Set<String> addresses(Sources sources, int numbers) {
    return IntStream.range(0, numbers).mapToObj(sources::address).collect(Collectors.toSet());
  }
}
