package io.sallyport.bench.flame;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bench.server.ThreadTimes.OneThread;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CpuSharesTest {
  @Test
  void saysWhatTheFlightRecorderDoesNotSee() {
    var shares = new CpuShares();
    shares.add(
        10,
        Map.of(
            1L, new OneThread("gate-1", 6),
            2L, new OneThread("C2 CompilerThre", 1.5),
            3L, new OneThread("C1 CompilerThre", 0.5),
            4L, new OneThread("VM Thread", 1),
            5L, new OneThread("JFR Sampler Thr", 0.25),
            6L, new OneThread("unheard", 0.25)),
        Set.of(1L));

    // What ended before the window did has no thread any more, but its time is in the whole.
    assertThat(shares)
        .hasToString(
            "The server's 10.0 CPU-seconds by the kernel's count: Java threads, shown here 60.0 %,"
                + " compilers 20.0 %, garbage collection and VM 10.0 %, flight recorder 2.5 %,"
                + " other and ended threads 7.5 %.");
  }

  @Test
  void windowsAddUp() {
    var shares = new CpuShares();
    shares.add(1, Map.of(1L, new OneThread("gate-1", 1)), Set.of(1L));
    shares.add(2, Map.of(7L, new OneThread("gate-1", 2)), Set.of(7L));

    assertThat(shares.seconds(CpuShares.Holder.SAMPLED)).isEqualTo(3);
    assertThat(shares.seconds(CpuShares.Holder.OTHERS)).isZero();
  }

  @Test
  void nothingAtAllIsNoDivisionByZero() {
    assertThat(new CpuShares().toString()).contains("0.0 CPU-seconds").doesNotContain("NaN");
  }
}
