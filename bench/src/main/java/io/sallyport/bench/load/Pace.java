package io.sallyport.bench.load;

/** When a publisher's messages are due. */
interface Pace {
  /**
   * How many to send now.
   *
   * @param sent how many this publisher has sent so far
   * @param free how many more its window holds
   * @param window the window's size
   */
  int due(long sent, int free, int window, long now);

  /** When message number {@code index} was due: what its latency is counted from. */
  long dueAt(long index, long now);

  /** As fast as the window allows, half a window at a time, so that the generator stays cheap. */
  record Saturated() implements Pace {
    @Override
    public int due(long sent, int free, int window, long now) {
      return free * 2 >= window ? free : 0;
    }

    @Override
    public long dueAt(long index, long now) {
      return now;
    }
  }

  /**
   * At fixed moments, whatever the server does: lateness counts as latency, so that a stall cannot
   * hide by holding the load back.
   */
  record Steady(long start, long intervalNanos) implements Pace {
    @Override
    public int due(long sent, int free, int window, long now) {
      if (now < start) {
        return 0;
      }
      var total = (now - start) / intervalNanos + 1;
      return Math.clamp(total - sent, 0, free);
    }

    @Override
    public long dueAt(long index, long now) {
      return start + index * intervalNanos;
    }
  }
}
