package io.sallyport.bench.load;

import java.util.Map;

/** One kind of load, already running. */
interface Load {
  /** What happened since the last call, by name. */
  Map<String, Double> mark() throws Exception;

  /** Stops sending, waits (bounded) for what is under way, and says what never came. */
  Map<String, Double> drain() throws Exception;
}
