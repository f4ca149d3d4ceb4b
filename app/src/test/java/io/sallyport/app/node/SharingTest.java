package io.sallyport.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SharingTest {
  @Test
  void equalValuesBecomeOne() {
    var sharing = new Sharing<Map<String, String>>();
    var first = sharing.one(Map.of("site", "berlin", "floor", "2"));

    assertThat(sharing.one(Map.of("floor", "2", "site", "berlin"))).isSameAs(first);
    assertThat(sharing.one(Map.of("floor", "3"))).isEqualTo(Map.of("floor", "3"));
  }

  /** More values than there is room for: each is still itself. */
  @Test
  void forgetsRatherThanConfuses() {
    var sharing = new Sharing<String>();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 50_000; i++) {
        assertThat(sharing.one("value-" + i)).isEqualTo("value-" + i);
      }
    }
  }
}
