package io.sallyport.control.messaging;

import java.util.concurrent.atomic.LongAdder;

/** What became of the requests to one service. */
public final class ServiceCounters {
  private final LongAdder worked = new LongAdder();
  private final LongAdder busy = new LongAdder();
  private final LongAdder broken = new LongAdder();

  void worked() {
    worked.increment();
  }

  void refused(TopicService.Trouble trouble) {
    switch (trouble) {
      case BUSY -> busy.increment();
      case BROKEN -> broken.increment();
    }
  }

  /** Requests that were worked on, whatever the answer was. */
  public long workedOn() {
    return worked.sum();
  }

  /** Requests that found no room. */
  public long busy() {
    return busy.sum();
  }

  /** Requests that could not be worked on. */
  public long broken() {
    return broken.sum();
  }
}
