package io.sallyport.bench;

import io.sallyport.bench.load.LoadProcess;
import io.sallyport.bench.server.ServerUnderTest;
import java.time.Duration;
import java.util.Map;

/**
 * What happened between two moments of a load under way: what the load counted, and what the server
 * spent.
 */
record Window(double seconds, double cpuSeconds, Map<String, Double> counted) {
  private static final double NANOS_PER_SECOND = 1e9;

  static Window measure(ServerUnderTest server, LoadProcess load, Duration warmUp, Duration length)
      throws InterruptedException {
    Thread.sleep(warmUp);
    var observation = server.observe();
    load.mark();
    var cpuBefore = server.process().cpuSeconds();
    var before = System.nanoTime();
    Thread.sleep(length);
    var counted = load.mark();
    var cpuAfter = server.process().cpuSeconds();
    var seconds = (System.nanoTime() - before) / NANOS_PER_SECOND;
    observation.end();
    return new Window(seconds, cpuAfter - cpuBefore, counted);
  }

  double counted(String name) {
    return counted.getOrDefault(name, 0.0);
  }
}
