package io.sallyport.bench;

import io.sallyport.bench.load.LoadProcess;
import io.sallyport.bench.server.ProcStat;
import io.sallyport.bench.server.ServerUnderTest;
import java.time.Duration;
import java.util.Map;

/**
 * What happened between two moments of a load under way: what the load counted, and what the server
 * spent.
 *
 * @param behindCpuSeconds what of it was spent by the broker behind a gateway, 0 if there is none
 */
record Window(
    double seconds, double cpuSeconds, double behindCpuSeconds, Map<String, Double> counted) {
  private static final double NANOS_PER_SECOND = 1e9;

  static Window measure(ServerUnderTest server, LoadProcess load, Duration warmUp, Duration length)
      throws InterruptedException {
    Thread.sleep(warmUp);
    var observation = server.observe();
    load.mark();
    var cpuBefore = server.process().cpuSeconds();
    var behindBefore = behind(server);
    var before = System.nanoTime();
    Thread.sleep(length);
    var counted = load.mark();
    var cpuAfter = server.process().cpuSeconds();
    var behindCpu = behind(server) - behindBefore;
    var seconds = (System.nanoTime() - before) / NANOS_PER_SECOND;
    observation.end();
    return new Window(seconds, cpuAfter - cpuBefore, behindCpu, counted);
  }

  private static double behind(ServerUnderTest server) {
    return server.behind().map(ProcStat::cpuSeconds).orElse(0.0);
  }

  double counted(String name) {
    return counted.getOrDefault(name, 0.0);
  }
}
