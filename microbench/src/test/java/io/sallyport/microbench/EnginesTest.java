package io.sallyport.microbench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnginesTest {
  private static final long SEED = 20_261_122;
  private static final int SESSION_BYTES_MAX = 200;
  private static final int DECISIONS = 100_000;

  /** A comparison means something only between engines that say the same. */
  @ParameterizedTest
  @ValueSource(strings = {"jcasbin", "cedar"})
  void allEnginesDecideAlike(String peer) {
    var random = new SplittableRandom(SEED);
    var rules = Rules.of(20);
    var ours = new SallyportEngine(rules);
    var theirs = PeerBenchmark.peer(peer, rules);
    var beginnings = rules.all().stream().map(Rules.Rule::prefix).toList();
    for (int i = 0; i < 200; i++) {
      var beginning = beginnings.get(random.nextInt(beginnings.size()));
      var topic = beginning.substring(0, random.nextInt(beginning.length()) + 1) + "x/" + i;
      assertThat(ours.allows(topic)).as(topic).isEqualTo(theirs.allows(topic));
    }
    assertThat(ours.allows(Rules.repeated())).isTrue();
    assertThat(ours.allows(rules.all().getFirst().prefix() + "x")).isFalse();
  }

  @Test
  void everyQuestionIsAllowedAndAsLongAsItIsSaidToBe() {
    var engine = new SallyportEngine(Rules.of(10_000));
    for (var topic : Rules.fresh()) {
      assertThat(topic).hasSize(32);
      assertThat(engine.allows(topic)).as(topic).isTrue();
    }
  }

  @Test
  void anotherSessionCostsFewBytes() {
    assertThat(Memory.bytesPerSession()).isBetween(1L, (long) SESSION_BYTES_MAX - 1);
  }

  @Test
  void anAllowedDecisionAllocatesNothing() {
    var engine = new SallyportEngine(Rules.of(20));
    var packets = Rules.packets(Rules.fresh());
    var repeated = Rules.packets(List.of(Rules.repeated()));
    long warm = allocatedBy(engine, packets, repeated);
    long bytes = allocatedBy(engine, packets, repeated);
    // Some hundred bytes are the measurement's own.
    assertThat(bytes / (double) DECISIONS).as("first round took %d", warm).isLessThan(0.1);
  }

  private static long allocatedBy(SallyportEngine engine, byte[][] fresh, byte[][] repeated) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    boolean all = true;
    for (int i = 0; i < DECISIONS; i++) {
      all &= engine.allows(fresh[i & fresh.length - 1]);
      all &= engine.allows(repeated[0]);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(all).isTrue();
    return bytes;
  }
}
