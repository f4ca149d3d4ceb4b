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

  /** Who is to look on from now on; a server that is no JVM of ours has nobody. */
  default void observeWith(Observer observer) {}

  /** What a measurement calls when a window begins. */
  default Observer.Observation observe() throws InterruptedException {
    return Observer.NONE.begin(0);
  }

  /** Ends the process and waits for it. */
  @Override
  void close();
}
