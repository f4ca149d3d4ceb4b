package io.sallyport.bench.server;

import io.sallyport.bench.load.Target;
import java.util.Optional;

/** A running server, ready for load. */
public interface ServerUnderTest extends AutoCloseable {
  /** How the tables call it. */
  String name();

  Target target();

  ProcStat process();

  /** What part of it stands behind another, if one does. */
  default Optional<ProcStat> behind() {
    return Optional.empty();
  }

  /** Ends the process and waits for it. */
  @Override
  void close();
}
