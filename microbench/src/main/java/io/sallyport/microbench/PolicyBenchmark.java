package io.sallyport.microbench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One allowed publication: of a topic that was asked for before, and of a new one each time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PolicyBenchmark {
  /** How many rules the engine was given. */
  @Param({"10", "10000"})
  public int rules;

  private byte[] repeated = new byte[0];
  private byte[][] fresh = new byte[0][];
  private int at;
  private SallyportEngine engine = new SallyportEngine(Rules.of(1));

  /** Makes the engine and the questions. */
  @Setup
  public void prepare() {
    engine = new SallyportEngine(Rules.of(rules));
    repeated = Rules.packets(List.of(Rules.repeated()))[0];
    fresh = Rules.packets(Rules.fresh());
  }

  /** What a device does all day. */
  @Benchmark
  public boolean sallyportRepeatedTopic() {
    return engine.allows(repeated);
  }

  /** Nothing to remember. */
  @Benchmark
  public boolean sallyportFreshTopic() {
    at = at + 1 & fresh.length - 1;
    return engine.allows(fresh[at]);
  }
}
