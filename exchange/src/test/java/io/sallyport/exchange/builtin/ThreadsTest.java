package io.sallyport.exchange.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.Message;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Session;
import io.sallyport.exchange.Subscription;
import io.sallyport.identity.PrincipalId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several event loops at once, while other clients come and go: nothing is lost, doubled, mixed.
 */
class ThreadsTest {
  private static final int LOOPS = 4;
  private static final int PUBLISHERS = 4;
  private static final int MESSAGES = 3_000;
  private static final ExchangeLimits LIMITS =
      new ExchangeLimits(1_000_000, 1L << 30, 1L << 30, 100, 100, 100, 1L << 30, 1_000, 65_535);

  private final List<ExecutorService> loops = new ArrayList<>();

  @Test
  void everySubscriberGetsEveryMessageOnceAndInOrder(@TempDir Path directory)
      throws InterruptedException {
    for (int i = 0; i < LOOPS; i++) {
      loops.add(Executors.newSingleThreadExecutor());
    }
    try (BuiltInExchange exchange =
        new BuiltInExchange(directory, LIMITS, (_, _, _) -> true, InstantSource.system())) {
      List<Peer> subscribers = new ArrayList<>();
      CountDownLatch received = new CountDownLatch(4 * PUBLISHERS * MESSAGES);
      for (int i = 0; i < 4; i++) {
        Peer subscriber = new Peer(exchange, "s" + i, loops.get(i % LOOPS), received);
        subscriber.open(i % 2 == 0 ? 1_000 : 0, 20);
        subscriber.run(() -> subscriber.session().subscribe(1, List.of(filter())));
        subscribers.add(subscriber);
      }
      subscribers.forEach(Peer::settle);
      CountDownLatch acknowledged = new CountDownLatch(PUBLISHERS * MESSAGES);
      List<Peer> publishers = new ArrayList<>();
      for (int i = 0; i < PUBLISHERS; i++) {
        Peer publisher = new Peer(exchange, "p" + i, loops.get(i % LOOPS), acknowledged);
        publisher.open(i % 2 == 0 ? 1_000 : 0, 20);
        publishers.add(publisher);
      }
      Thread churn = Thread.ofVirtual().start(() -> churn(exchange, acknowledged));
      publishers.forEach(Peer::publishAll);

      assertThat(acknowledged.await(60, TimeUnit.SECONDS)).as("all acknowledged").isTrue();
      assertThat(received.await(60, TimeUnit.SECONDS)).as("all received").isTrue();
      churn.join();
      publishers.forEach(publisher -> assertThat(publisher.failures).isEmpty());
      subscribers.forEach(ThreadsTest::assertOnceAndInOrder);
      subscribers.forEach(Peer::settle);
      exchange.awaitIdle();
      assertThat(exchange.statistics().queued()).isZero();
      assertThat(exchange.statistics().queuedBytes()).isZero();
      assertThat(exchange.statistics().subscriptions()).isEqualTo(4);
    } finally {
      loops.forEach(ExecutorService::close);
    }
  }

  private static Subscription filter() {
    return new Subscription("t/#", 2, false, false, 0, 0);
  }

  private static void assertOnceAndInOrder(Peer subscriber) {
    for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
      String prefix = "p" + publisher + " ";
      List<Integer> numbers =
          subscriber.payloads.stream()
              .filter(payload -> payload.startsWith(prefix))
              .map(payload -> Integer.parseInt(payload.substring(prefix.length())))
              .toList();
      assertThat(numbers).hasSize(MESSAGES).isSorted().doesNotHaveDuplicates();
    }
  }

  /** Clients that subscribe, take each other over, and vanish. */
  private void churn(BuiltInExchange exchange, CountDownLatch until) {
    SplittableRandom random = new SplittableRandom(1);
    while (until.getCount() > 0) {
      Peer passer =
          new Peer(
              exchange,
              "passer" + random.nextInt(3),
              loops.get(random.nextInt(LOOPS)),
              new CountDownLatch(0));
      passer.open(random.nextInt(2) * 100L, 5);
      passer.run(() -> passer.session().subscribe(1, List.of(filter())));
      if (random.nextBoolean()) {
        passer.settle();
      }
      passer.run(() -> passer.session().disconnect(false, 0));
      if (random.nextInt(10) == 0) {
        exchange.end(new PrincipalId("passer" + random.nextInt(3)), Reason.ADMINISTRATIVE_ACTION);
      }
    }
    for (int i = 0; i < 3; i++) {
      exchange.end(new PrincipalId("passer" + i), Reason.ADMINISTRATIVE_ACTION);
    }
  }

  /** A client on one of the loops; all but its outcome belongs to that loop's thread. */
  private static final class Peer implements Outlet {
    final List<String> payloads = new ArrayList<>();
    final List<Reason> failures = new ArrayList<>();

    private final BuiltInExchange exchange;
    private final String id;
    private final Executor loop;
    private final CountDownLatch progress;
    private @Nullable Session session;
    private int sent;

    Peer(BuiltInExchange exchange, String id, Executor loop, CountDownLatch progress) {
      this.exchange = exchange;
      this.id = id;
      this.loop = loop;
      this.progress = progress;
    }

    void run(Runnable task) {
      loop.execute(task);
    }

    void open(long expirySeconds, int receiveMaximum) {
      run(
          () ->
              session =
                  exchange.open(
                      new Opening(
                          new PrincipalId(id), id, false, expirySeconds, receiveMaximum, null),
                      this));
    }

    Session session() {
      if (session == null) {
        throw new IllegalStateException("not open");
      }
      return session;
    }

    /** Waits until the loop has done what it has to do now. */
    void settle() {
      CountDownLatch done = new CountDownLatch(1);
      run(done::countDown);
      try {
        done.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    void publishAll() {
      for (int i = 0; i < 30; i++) {
        run(this::publishNext);
      }
    }

    private void publishNext() {
      if (sent < MESSAGES) {
        sent++;
        String payload = id + " " + sent;
        session()
            .publish(
                new Message(
                    new PrincipalId(id),
                    id,
                    ("t/" + id).getBytes(StandardCharsets.UTF_8),
                    payload.getBytes(StandardCharsets.UTF_8),
                    new byte[0],
                    // One quality for each publisher: MQTT orders within a quality only.
                    1 + id.charAt(1) % 2,
                    false,
                    Message.NEVER),
                sent,
                false);
      }
    }

    private void published(Reason reason) {
      if (reason != Reason.SUCCESS) {
        failures.add(reason);
      }
      progress.countDown();
      run(this::publishNext);
    }

    @Override
    public Executor executor() {
      return loop;
    }

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public void connected(boolean sessionPresent) {}

    @Override
    public Delivered deliver(
        Message message,
        int packetId,
        int qos,
        boolean retain,
        boolean dup,
        int @Nullable [] identifiers) {
      payloads.add(new String(message.payload(), StandardCharsets.UTF_8));
      progress.countDown();
      if (qos == 1) {
        run(() -> session().puback(packetId));
      } else {
        run(() -> session().pubrec(packetId, false));
      }
      return Delivered.SENT;
    }

    @Override
    public void pubrel(int packetId) {
      run(() -> session().pubcomp(packetId));
    }

    @Override
    public void puback(int packetId, Reason reason) {
      published(reason);
    }

    @Override
    public void pubrec(int packetId, Reason reason) {
      run(() -> session().pubrel(packetId));
      published(reason);
    }

    @Override
    public void pubcomp(int packetId, Reason reason) {}

    @Override
    public void suback(int packetId, int[] codes) {}

    @Override
    public void unsuback(int packetId, int[] codes) {}

    @Override
    public void flush() {}

    @Override
    public void close(Reason reason) {}
  }
}
