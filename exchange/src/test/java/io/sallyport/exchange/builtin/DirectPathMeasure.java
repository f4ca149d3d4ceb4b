package io.sallyport.exchange.builtin;

import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.Message;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Session;
import io.sallyport.exchange.Subscription;
import io.sallyport.identity.PrincipalId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Not a test: prints the exchange's own nanoseconds a message, fifty publishers to one subscriber
 * on one thread, without a socket. Run its main with the test class path.
 */
final class DirectPathMeasure {
  private static final int PUBLISHERS = 50;
  private static final int BATCH = 20;
  private static final int ROUNDS = 3_000;

  private final Queue<Runnable> loop = new ArrayDeque<>();
  private final Executor executor = loop::add;
  private final BuiltInExchange exchange;
  private long delivered;

  private DirectPathMeasure(BuiltInExchange exchange) {
    this.exchange = exchange;
  }

  public static void main(String[] arguments) throws IOException {
    for (int qos = 0; qos <= 2; qos++) {
      try (BuiltInExchange exchange =
          new BuiltInExchange(
              Files.createTempDirectory("measure"),
              ExchangeLimits.DEFAULTS,
              (_, _, _) -> true,
              InstantSource.system())) {
        new DirectPathMeasure(exchange).run(qos);
      }
    }
  }

  private void run(int qos) {
    Drain subscriber = new Drain();
    subscriber.session = open("subscriber", subscriber);
    subscriber
        .session()
        .subscribe(1, List.of(new Subscription("devices/#", 2, false, false, 0, 0)));
    Drain[] publishers = new Drain[PUBLISHERS];
    byte[][] topics = new byte[PUBLISHERS][];
    for (int i = 0; i < PUBLISHERS; i++) {
      publishers[i] = new Drain();
      publishers[i].session = open("d" + i, publishers[i]);
      topics[i] = ("devices/d" + i + "/telemetry").getBytes(StandardCharsets.UTF_8);
    }
    turn();
    PrincipalId principal = new PrincipalId("d");
    for (int repeat = 0; repeat < 6; repeat++) {
      delivered = 0;
      long begin = System.nanoTime();
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < PUBLISHERS; i++) {
          for (int m = 1; m <= BATCH; m++) {
            // As a decoder does: new arrays for every message.
            byte[] topic = topics[i].clone();
            Message message =
                new Message(
                    principal, "d", topic, new byte[64], new byte[0], qos, false, Message.NEVER);
            publishers[i].session().publish(message, qos == 0 ? 0 : m, false);
          }
        }
        turn();
      }
      long nanos = System.nanoTime() - begin;
      System.out.printf(
          "QoS %d: %d ns a message, %d of %d delivered%n",
          qos,
          nanos / ((long) ROUNDS * PUBLISHERS * BATCH),
          delivered,
          ROUNDS * PUBLISHERS * BATCH);
    }
  }

  private Session open(String id, Outlet outlet) {
    return exchange.open(new Opening(new PrincipalId(id), id, true, 0, 65_535, null), outlet);
  }

  private void turn() {
    for (Runnable next = loop.poll(); next != null; next = loop.poll()) {
      next.run();
    }
  }

  /** A client that acknowledges at once. */
  private final class Drain implements Outlet {
    private @Nullable Session session;

    Session session() {
      if (session == null) {
        throw new IllegalStateException("not open");
      }
      return session;
    }

    @Override
    public Executor executor() {
      return executor;
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
      delivered++;
      if (qos == 1) {
        session().puback(packetId);
      } else if (qos == 2) {
        session().pubrec(packetId, false);
      }
      return Delivered.SENT;
    }

    @Override
    public void pubrel(int packetId) {
      session().pubcomp(packetId);
    }

    @Override
    public void puback(int packetId, Reason reason) {}

    @Override
    public void pubrec(int packetId, Reason reason) {
      session().pubrel(packetId);
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
    public void close(Reason reason) {
      throw new IllegalStateException("closed: " + reason);
    }
  }
}
