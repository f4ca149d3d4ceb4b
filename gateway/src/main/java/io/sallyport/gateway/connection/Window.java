package io.sallyport.gateway.connection;

/** Counts what happens within a stretch of time. */
final class Window {
  private int since;
  private int count;

  /** Counts one more; how many there are in its window, which begins with its first. */
  int count(int tick, int windowTicks) {
    if (count == 0 || tick - since >= windowTicks) {
      since = tick;
      count = 0;
    }
    return ++count;
  }
}
