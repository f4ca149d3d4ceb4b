package io.sallyport.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.Mode;
import org.junit.jupiter.api.Test;

class WillModesTest {
  private static final PrincipalId ONE = new PrincipalId("one");
  private final WillModes modes = new WillModes(2);

  @Test
  void theLastConnectionCountsAndWhatIsUnknownIsStrict() {
    assertThat(modes.of(ONE, "one")).isEqualTo(Mode.STRICT);
    modes.left(ONE, "one", Mode.AWS_COMPAT);
    assertThat(modes.of(ONE, "one")).isEqualTo(Mode.AWS_COMPAT);
    assertThat(modes.of(ONE, "one:2")).isEqualTo(Mode.STRICT);
    modes.left(ONE, "one", Mode.STRICT);
    assertThat(modes.of(ONE, "one")).isEqualTo(Mode.STRICT);
  }

  @Test
  void beyondTheBoundTheOldestBecomesStrict() {
    modes.left(ONE, "a", Mode.AWS_COMPAT);
    modes.left(ONE, "b", Mode.AWS_COMPAT);
    modes.left(ONE, "a", Mode.AWS_COMPAT);
    modes.left(ONE, "c", Mode.AWS_COMPAT);
    assertThat(modes.of(ONE, "b")).isEqualTo(Mode.STRICT);
    assertThat(modes.of(ONE, "a")).isEqualTo(Mode.AWS_COMPAT);
    assertThat(modes.of(ONE, "c")).isEqualTo(Mode.AWS_COMPAT);
  }
}
