package io.sallyport.control.schedule;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is done again and again on a thread of its own. A round that fails, by whatever, is
 * told of in the log, and the next one comes all the same: a timer of the JDK would end there
 * without a word.
 */
public final class Rounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  // Bound: how long a round that is under way may take to end.
  private static final Duration END_MAX = Duration.ofSeconds(5);

  private final ScheduledExecutorService timer;

  /**
   * Ready to begin.
   *
   * @param thread the name of the thread
   */
  public Rounds(String thread) {
    timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name(thread).daemon(true).factory());
  }

  /**
   * Does it from now on.
   *
   * @param first how long until the first time
   * @param period how long between the end of one time and the next
   * @param what what it is, for the log
   */
  public void every(Duration first, Duration period, String what, Runnable round) {
    // Runs until the timer is shut down.
    var _ =
        timer.scheduleWithFixedDelay(
            () -> attempt(what, round), first.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Does it once, when nothing else is under way. */
  public void soon(String what, Runnable work) {
    timer.execute(() -> attempt(what, work));
  }

  /**
   * Does it, and tells the log if it fails: for a part of a round that shall not end the others.
   */
  public static void attempt(String what, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.atError().setMessage("{} failed; it is tried again").addArgument(what).setCause(e).log();
    }
  }

  /** Ends: a round that is under way has a little time, another does not begin. */
  @Override
  public void close() {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(END_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        timer.shutdownNow();
      }
    } catch (InterruptedException e) {
      timer.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
