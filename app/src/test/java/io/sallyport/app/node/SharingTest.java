package io.sallyport.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SharingTest {
  @Test
  void equalValuesBecomeOneAndOthersStayWhatTheyAre() {
    var sharing = new Sharing();
    var first = sharing.map(Map.of("site", new String("berlin"), "floor", "2"));
    var second = sharing.map(Map.of("floor", new String("2"), "site", "berlin"));
    var other = sharing.map(Map.of("site", new String("berlin"), "floor", "3"));

    assertThat(second).isSameAs(first);
    assertThat(other).isEqualTo(Map.of("site", "berlin", "floor", "3"));
    assertThat(other.get("site")).isSameAs(first.get("site"));
  }

  /** More values than there is room for: each is still itself. */
  @Test
  void forgetsRatherThanConfuses() {
    var sharing = new Sharing();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 50_000; i++) {
        assertThat(sharing.one("value-" + i)).isEqualTo("value-" + i);
      }
    }
  }
}
