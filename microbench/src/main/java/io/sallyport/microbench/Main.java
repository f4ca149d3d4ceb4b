package io.sallyport.microbench;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs every benchmark and prints one table; the first argument, if any, is a regular expression of
 * the ones wanted.
 */
public final class Main {
  private static final int FORKS = 2;
  private static final int ROUNDS = 5;
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private Main() {}

  /** Ends with 0, or 3 if a benchmark could not be run. */
  public static void main(String[] arguments) {
    var wanted = arguments.length == 0 ? ".*" : arguments[0];
    var options =
        new OptionsBuilder()
            .include("io\\.sallyport\\.microbench\\.(" + wanted + ")")
            .forks(FORKS)
            .warmupIterations(ROUNDS)
            .warmupTime(new TimeValue(1, TimeUnit.SECONDS))
            .measurementIterations(ROUNDS)
            .measurementTime(new TimeValue(1, TimeUnit.SECONDS))
            .jvmArgsAppend(
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "-Xlog:disable")
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.NORMAL)
            .build();
    try {
      print(List.copyOf(new Runner(options).run()));
      System.out.println(Memory.report());
    } catch (RunnerException e) {
      System.err.println("sallyport bench policy: " + e.getMessage());
      System.exit(3);
    }
  }

  private static void print(List<RunResult> results) {
    System.out.printf("%n%-58s %14s %12s %12s%n", "benchmark", "ns", "±", "bytes");
    for (var result : results) {
      var time = result.getPrimaryResult();
      var allocated = result.getSecondaryResults().get(ALLOCATED);
      System.out.printf(
          Locale.ROOT,
          "%-58s %14.1f %12.1f %12.0f%n",
          name(result),
          time.getScore(),
          time.getScoreError(),
          allocated == null ? Double.NaN : allocated.getScore());
    }
  }

  private static String name(RunResult result) {
    var parameters = result.getParams();
    var name = new StringBuilder(parameters.getBenchmark().replaceAll(".*\\.", ""));
    parameters
        .getParamsKeys()
        .forEach(key -> name.append(' ').append(key).append('=').append(parameters.getParam(key)));
    return name.toString();
  }
}
