package io.sallyport.microbench;

import io.sallyport.policy.Action;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.SessionPolicy;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a CONNECT pays for a policy of 20 statements, until its first publication is decided. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CompileBenchmark {
  private static final int STATEMENTS = 20;

  private final PolicySet known = SallyportEngine.policies(Rules.of(STATEMENTS));
  private final byte[] topic = Rules.packets(List.of(Rules.repeated()))[0];
  private int version = 1;

  /** Nobody connected under this policy before. */
  @Benchmark
  public boolean firstSession() {
    version++;
    var changed =
        PolicySet.of(
            known.policies().stream()
                .map(one -> new PolicyVersion(one.name(), version, one.document()))
                .toList());
    return decideOnce(changed);
  }

  /** Others did: the template is there. */
  @Benchmark
  public boolean nextSession() {
    return decideOnce(known);
  }

  private boolean decideOnce(PolicySet set) {
    return SessionPolicy.compile(set, SallyportEngine.subject(Rules.DEVICE))
        .allows(Action.PUBLISH, topic);
  }
}
