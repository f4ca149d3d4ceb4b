package io.sallyport.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeapCareTest {
  private static final long MIB = 1 << 20;

  private final AtomicLong committed = new AtomicLong(64 * MIB);
  private final AtomicInteger collections = new AtomicInteger();
  private long live = 60 * MIB;
  private final HeapCare care =
      new HeapCare(
          committed::get,
          () -> {
            collections.incrementAndGet();
            committed.set(live);
          });

  private int collectionsAt(long mebibytes) {
    committed.set(mebibytes * MIB);
    care.look();
    return collections.get();
  }

  @Test
  void collectsWhenTheHeapHasGrownEnoughAndDoubled() {
    assertThat(collectionsAt(64 + 127)).isZero();
    live = 300 * MIB;
    assertThat(collectionsAt(64 + 128)).isOne();
    // 300 were left: the next time is at 600.
    assertThat(collectionsAt(599)).isOne();
    live = 60 * MIB;
    assertThat(collectionsAt(600)).isEqualTo(2);
    assertThat(collectionsAt(60 + 127)).isEqualTo(2);
    assertThat(collectionsAt(60 + 128)).isEqualTo(3);
  }

  @Test
  void aHeapThatOnlyShrinksIsLeftAlone() {
    assertThat(collectionsAt(64)).isZero();
    assertThat(collectionsAt(16)).isZero();
  }
}
