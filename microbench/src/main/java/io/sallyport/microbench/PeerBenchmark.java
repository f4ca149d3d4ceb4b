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

/** The same question to the others; none of them remembers an answer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PeerBenchmark {
  /** How many rules the engine was given. */
  @Param({"10", "10000"})
  public int rules;

  /** Which engine. */
  @Param({"jcasbin", "cedar"})
  public String peer = "";

  private List<String> fresh = List.of();
  private int at;
  private Engine engine = _ -> false;

  /** Makes the engine and the questions. */
  @Setup
  public void prepare() {
    engine = peer(peer, Rules.of(rules));
    fresh = Rules.fresh();
  }

  static Engine peer(String name, Rules rules) {
    return switch (name) {
      case "jcasbin" -> new CasbinEngine(rules);
      case "cedar" -> new CedarEngine(rules);
      default -> throw new IllegalArgumentException("no such engine: " + name);
    };
  }

  /** An allowed publication. */
  @Benchmark
  public boolean peerFreshTopic() {
    at = at + 1 & fresh.size() - 1;
    return engine.allows(fresh.get(at));
  }
}
