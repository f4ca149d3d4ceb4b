package io.sallyport.gateway.est;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes work that may wait from an event loop to a thread of its own, and the reply back. */
final class Desk {
  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
  private static final Duration LATER = Duration.ofSeconds(5);

  // Bound: who finds no place is told to come again; nothing queues.
  private final Semaphore places;

  Desk(int atOnceMax) {
    this.places = new Semaphore(atOnceMax);
  }

  void ask(EventLoop loop, Supplier<Reply> work, Consumer<Reply> answer) {
    if (!places.tryAcquire()) {
      answer.accept(Reply.later("too many requests at once", LATER));
      return;
    }
    Thread.ofVirtual()
        .name("est")
        .start(
            () -> {
              Reply reply;
              try {
                reply = reply(work);
              } finally {
                places.release();
              }
              var done = reply;
              try {
                loop.execute(() -> answer.accept(done));
              } catch (RejectedExecutionException e) {
                LOG.atDebug().setMessage("the gate closed before an answer").log();
              }
            });
  }

  /** Fail closed: whatever breaks, nothing is said to be issued. */
  private static Reply reply(Supplier<Reply> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      LOG.atError().setMessage("an EST request failed").setCause(e).log();
      return Reply.later("the request could not be worked on", LATER);
    }
  }
}
