package io.sallyport.bench.server;

/** Looks on while a window of a server is measured. */
@FunctionalInterface
public interface Observer {
  /** Sees nothing and costs nothing. */
  Observer NONE = _ -> () -> {};

  /** Begins to look at a process; the window may begin when this returns. */
  Observation begin(long pid) throws InterruptedException;

  /** What is under way until the window has ended. */
  @FunctionalInterface
  interface Observation {
    void end() throws InterruptedException;
  }
}
