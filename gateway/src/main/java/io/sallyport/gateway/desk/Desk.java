package io.sallyport.gateway.desk;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes work that may wait from an event loop to a thread of its own, and the answer back.
 *
 * @param <A> what is answered
 */
public final class Desk<A> {
  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

  private final String name;

  // Bound: who finds no place is told to come again; nothing queues.
  private final Semaphore places;

  /**
   * A desk.
   *
   * @param name of its threads, and for the log
   * @param atOnceMax how much is worked on at once
   */
  public Desk(String name, int atOnceMax) {
    this.name = name;
    this.places = new Semaphore(atOnceMax);
  }

  /**
   * Works on something, and answers on the loop.
   *
   * @param busy the answer when there is no place, given at once
   * @param broken the answer when the work fails: whatever breaks, nothing is said to be done
   */
  public void ask(
      EventLoop loop, Supplier<A> work, Supplier<A> busy, Supplier<A> broken, Consumer<A> answer) {
    if (!places.tryAcquire()) {
      answer.accept(busy.get());
      return;
    }
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              A result;
              try {
                result = result(work, broken);
              } finally {
                places.release();
              }
              var done = result;
              try {
                loop.execute(() -> answer.accept(done));
              } catch (RejectedExecutionException e) {
                LOG.atDebug().setMessage("the gate closed before an answer").log();
              }
            });
  }

  private A result(Supplier<A> work, Supplier<A> broken) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      LOG.atError().setMessage("a request failed").addKeyValue("desk", name).setCause(e).log();
      return broken.get();
    }
  }
}
