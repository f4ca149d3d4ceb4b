package io.sallyport.bench.server;

import io.sallyport.bench.load.Target;

/** A running server, ready for load. */
public interface ServerUnderTest extends AutoCloseable {
  /** How the tables call it. */
  String name();

  Target target();

  ProcStat process();

  /** Ends the process and waits for it. */
  @Override
  void close();
}
