package io.sallyport.control.gateways;

import io.sallyport.control.enforcement.Neighbourhood;
import io.sallyport.control.enforcement.Neighbourhood.Arrival;
import io.sallyport.control.store.Database;
import io.sallyport.control.store.StoreUnavailable;
import io.sallyport.identity.PrincipalId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells all gateways which clients each lets in. PostgreSQL hands notifications out in the order of
 * commits, the same to everybody: so all agree on who came last, whatever their clocks say. Nothing
 * is stored; while the database is away, what comes is dropped and counted.
 */
final class Arrivals implements AutoCloseable {
  static final String CHANNEL = "sallyport_arrival";

  // Bound: arrivals that wait to be told.
  private static final int QUEUE_MAX = 20_000;
  private static final int GROUP_MAX = 2_000;
  // PostgreSQL takes less than 8000 bytes.
  private static final int TEXT_MAX = 7_000;
  private static final Duration CLOSE_MAX = Duration.ofSeconds(2);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<List<Told>> TOLD = new TypeReference<>() {};
  private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

  private final Database database;
  private final String self;
  private final String instance;
  private final BlockingQueue<Told> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final AtomicLong dropped = new AtomicLong();
  private final Thread teller;

  /**
   * An arrival on its way; short names, since many are to fit.
   *
   * @param g the gateway
   * @param i the process that was the gateway then
   * @param n which of its arrivals
   * @param p the principal
   * @param c what tells the client id from others
   * @param a the address
   */
  record Told(String g, String i, long n, String p, String c, String a) {}

  Arrivals(Database database, Membership who) {
    this.database = database;
    this.self = who.gateway();
    this.instance = who.instance();
    teller = Thread.ofPlatform().name("arrivals").daemon(true).start(this::run);
  }

  /** A client was let in here; never blocks. */
  void tell(long number, PrincipalId principal, String client, String address) {
    if (!queue.offer(new Told(self, instance, number, principal.value(), client, address))) {
      dropped.incrementAndGet();
    }
  }

  /** How many were not told of. */
  long dropped() {
    return dropped.get();
  }

  private void run() {
    var group = new ArrayList<Told>();
    try {
      while (true) {
        group.add(queue.take());
        queue.drainTo(group, GROUP_MAX - 1);
        send(group);
        group.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(List<Told> group) {
    var texts = texts(group);
    try {
      database.change(
          handle ->
              texts.forEach(
                  text -> handle.execute("select pg_notify('" + CHANNEL + "', ?)", text)));
    } catch (StoreUnavailable e) {
      dropped.addAndGet(group.size());
      LOG.atWarn()
          .addKeyValue("count", group.size())
          .addKeyValue("why", e.getMessage())
          .log("other gateways were not told of clients that were let in");
    }
  }

  private static List<String> texts(List<Told> group) {
    var texts = new ArrayList<String>();
    var text = new StringBuilder();
    for (var one : group) {
      var json = JSON.writeValueAsString(one);
      if (!text.isEmpty() && text.length() + json.length() > TEXT_MAX) {
        texts.add("[" + text + "]");
        text.setLength(0);
      }
      text.append(text.isEmpty() ? "" : ",").append(json);
    }
    texts.add("[" + text + "]");
    return texts;
  }

  /** Somebody told of arrivals. */
  void heard(String text, Neighbourhood neighbourhood) {
    try {
      for (var one : JSON.readValue(text, TOLD)) {
        boolean here = one.g().equals(self) && one.i().equals(instance);
        neighbourhood.arrived(
            new Arrival(one.g(), here, one.n(), new PrincipalId(one.p()), one.c(), one.a()));
      }
    } catch (JacksonException | IllegalArgumentException e) {
      LOG.atWarn().addKeyValue("why", e.getMessage()).log("an arrival could not be read");
    }
  }

  @Override
  public void close() {
    teller.interrupt();
    try {
      if (!teller.join(CLOSE_MAX)) {
        LOG.warn("arrivals were still being told at the end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
