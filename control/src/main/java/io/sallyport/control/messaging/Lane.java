package io.sallyport.control.messaging;

import io.sallyport.control.messaging.TopicService.Trouble;
import io.sallyport.control.store.Database;
import io.sallyport.control.store.StoreUnavailable;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works on requests one after the other, as many in one transaction as have come. */
final class Lane implements AutoCloseable {
  // Bounds: what waits, and what one transaction takes.
  static final int WAITING_MAX = 4_096;
  static final long WAITING_BYTES_MAX = 32L << 20;
  static final int TOGETHER_MAX = 128;

  private static final long CLOSE_MILLIS_MAX = 5_000;

  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  private final Database database;
  private final Postbox postbox;
  private final InstantSource clock;
  private final BlockingQueue<Item> queue = new LinkedBlockingQueue<>(WAITING_MAX);
  private final AtomicLong bytes = new AtomicLong();
  private final Thread thread;
  private volatile boolean over;

  /** What waits in the queue. */
  sealed interface Item permits Work, End {}

  /** One request. */
  @SuppressWarnings("ArrayRecordComponent") // Written once, compared with nothing.
  record Work(MessageDesk.Service service, String topic, byte[] payload, Runnable done)
      implements Item {}

  /** Nothing comes after it. */
  record End() implements Item {}

  Lane(Database database, Postbox postbox, InstantSource clock) {
    this.database = database;
    this.postbox = postbox;
    this.clock = clock;
    thread = Thread.ofVirtual().name("device services").start(this::run);
  }

  void take(Work work) {
    if (bytes.addAndGet(work.payload().length) > WAITING_BYTES_MAX || !queue.offer(work)) {
      bytes.addAndGet(-work.payload().length);
      refuse(work, Trouble.BUSY);
      work.done().run();
    }
  }

  int waiting() {
    return queue.size();
  }

  private void run() {
    var items = new ArrayList<Item>(TOGETHER_MAX);
    while (!over) {
      try {
        items.add(queue.take());
      } catch (InterruptedException e) {
        return;
      }
      queue.drainTo(items, TOGETHER_MAX - 1);
      var some = works(items);
      items.clear();
      try {
        if (!over) {
          together(some);
        }
      } catch (RuntimeException e) {
        LOG.atError().setMessage("a service failed").setCause(e).log();
      } finally {
        some.forEach(work -> bytes.addAndGet(-work.payload().length));
      }
    }
  }

  private static List<Work> works(List<Item> items) {
    var some = new ArrayList<Work>(items.size());
    for (var item : items) {
      if (item instanceof Work work) {
        some.add(work);
      }
    }
    return some;
  }

  /** All in one transaction; if that fails each in its own, so that none is lost by another. */
  private void together(List<Work> some) {
    List<List<Publication>> answers;
    try {
      answers = database.write(handle -> some.stream().map(work -> answer(handle, work)).toList());
    } catch (StoreUnavailable e) {
      LOG.atError().setMessage("requests of devices could not be worked on").setCause(e).log();
      some.forEach(this::broken);
      return;
    } catch (RuntimeException e) {
      some.forEach(this::alone);
      return;
    }
    for (int i = 0; i < some.size(); i++) {
      answered(some.get(i), answers.get(i));
    }
  }

  private List<Publication> answer(Handle handle, Work work) {
    return work.service()
        .service()
        .answer(handle, new Request(work.topic(), work.payload(), clock.instant()));
  }

  private void alone(Work work) {
    try {
      answered(work, database.write(handle -> answer(handle, work)));
    } catch (RuntimeException e) {
      LOG.atError()
          .setMessage("a request could not be worked on")
          .addKeyValue("topic", work.topic())
          .setCause(e)
          .log();
      broken(work);
    }
  }

  private void answered(Work work, List<Publication> answer) {
    work.service().counters().worked();
    post(answer);
    work.done().run();
  }

  private void broken(Work work) {
    refuse(work, Trouble.BROKEN);
    work.done().run();
  }

  private void refuse(Work work, Trouble trouble) {
    work.service().counters().refused(trouble);
    var request = new Request(work.topic(), work.payload(), clock.instant());
    post(work.service().service().refusal(request, trouble));
  }

  // Who asked asks again; what found no way is counted where it ended.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void post(List<Publication> answer) {
    answer.forEach(postbox::post);
  }

  /** Ends after what is being worked on; an interrupt would break a transaction. */
  @Override
  public void close() {
    over = true;
    // Wakes a lane that waits; one that has no room for it does not wait.
    var _ = queue.offer(new End());
    try {
      thread.join(CLOSE_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
