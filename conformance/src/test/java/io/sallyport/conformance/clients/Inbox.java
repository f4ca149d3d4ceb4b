package io.sallyport.conformance.clients;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What a client has received and the test has not looked at yet. */
public final class Inbox<T> implements Consumer<T> {
  private static final long LIMIT_SECONDS = 15;

  private final BlockingQueue<T> waiting = new LinkedBlockingQueue<>();

  @Override
  public void accept(T message) {
    waiting.add(message);
  }

  /** The next message, however long it takes within reason. */
  public T next() throws InterruptedException {
    var message = waiting.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("no message within " + LIMIT_SECONDS + " s");
    }
    return message;
  }

  /** So many messages, in their order. */
  public List<T> next(int count) throws InterruptedException {
    var messages = new ArrayList<T>();
    while (messages.size() < count) {
      messages.add(next());
    }
    return messages;
  }

  /** How many have come and were not taken. */
  public int size() {
    return waiting.size();
  }
}
