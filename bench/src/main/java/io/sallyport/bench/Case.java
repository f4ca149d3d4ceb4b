package io.sallyport.bench;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One thing to measure on every server, and the goal it has, if any. */
record Case(String name, @Nullable Goal goal, Measurement measurement) {
  /** Puts load on a server and says what came of it. */
  @FunctionalInterface
  interface Measurement {
    Map<Figure, Double> on(Contest.Contestant contestant) throws Exception;
  }
}
