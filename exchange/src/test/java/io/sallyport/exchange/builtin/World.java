package io.sallyport.exchange.builtin;

import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.Message;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Will;
import io.sallyport.identity.PrincipalId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An exchange whose threads are one thread that runs when told to, and whose clock stands still
 * until moved.
 */
final class World implements AutoCloseable {
  static final long FOREVER = 0xFFFF_FFFFL;

  final Path directory;
  final ExchangeLimits limits;
  private final long pagesMax;
  boolean willsAllowed = true;
  BuiltInExchange exchange;

  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  World(Path directory) {
    this(directory, ExchangeLimits.DEFAULTS);
  }

  World(Path directory, ExchangeLimits limits) {
    this(directory, limits, 1L << 20);
  }

  World(Path directory, ExchangeLimits limits, long pagesMax) {
    this.pagesMax = pagesMax;
    this.directory = directory;
    this.limits = limits;
    this.exchange = create();
  }

  private BuiltInExchange create() {
    return new BuiltInExchange(
        StoreFile.open(directory, pagesMax), limits, (_, _, _) -> willsAllowed, () -> now);
  }

  /** Runs what the event loop has to do until nothing is left and the store is idle. */
  void settle() {
    for (int quiet = 0; quiet < 2; ) {
      Runnable task = tasks.poll();
      if (task != null) {
        quiet = 0;
        task.run();
      } else {
        awaitStore();
        quiet++;
      }
    }
  }

  /** Runs what the event loop has to do now, without waiting for the store. */
  void turn() {
    Queue<Runnable> due = new ArrayDeque<>();
    tasks.drainTo(due);
    due.forEach(Runnable::run);
  }

  private void awaitStore() {
    exchange.awaitIdle();
  }

  void execute(Runnable task) {
    tasks.add(task);
  }

  void pass(Duration time) {
    settle();
    now = now.plus(time);
    exchange.tick();
    settle();
  }

  long nowMillis() {
    return now.toEpochMilli();
  }

  /** Stops in an orderly way and starts again from the same directory. */
  void restart() {
    settle();
    exchange.close();
    tasks.clear();
    exchange = create();
  }

  Client client(String id) {
    return new Client(this, new PrincipalId(id), id);
  }

  /** A client connected with a session that ends with its connection. */
  Client clean(String id) {
    return client(id).connect(true, 0);
  }

  /** A client connected with a session that outlives its connection. */
  Client persistent(String id) {
    return client(id).connect(false, FOREVER);
  }

  static Message message(String publisher, String topic, String payload, int qos, boolean retain) {
    return message(publisher, topic, payload, qos, retain, Message.NEVER);
  }

  static Message message(
      String publisher, String topic, String payload, int qos, boolean retain, long expiresAt) {
    return new Message(
        new PrincipalId(publisher),
        publisher,
        topic.getBytes(StandardCharsets.UTF_8),
        payload.getBytes(StandardCharsets.UTF_8),
        new byte[0],
        qos,
        retain,
        expiresAt);
  }

  static Opening opening(
      String id, boolean cleanStart, long expirySeconds, int receiveMaximum, @Nullable Will will) {
    return new Opening(new PrincipalId(id), id, cleanStart, expirySeconds, receiveMaximum, will);
  }

  static Reason reason(int code) {
    for (Reason reason : Reason.values()) {
      if (reason.code() == code) {
        return reason;
      }
    }
    throw new IllegalArgumentException("no such reason: " + code);
  }

  @Nullable Runnable poll(long millis) throws InterruptedException {
    return tasks.poll(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    exchange.close();
  }
}
