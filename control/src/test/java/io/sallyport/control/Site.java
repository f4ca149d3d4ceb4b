package io.sallyport.control;

import io.sallyport.control.enforcement.Neighbourhood;
import io.sallyport.control.gateways.Gateways;
import io.sallyport.control.gateways.Membership;
import io.sallyport.control.rest.Api;
import io.sallyport.control.store.Database;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.Seal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;

/** One gateway's desk over a database that others share, with a gate that remembers. */
public final class Site implements Neighbourhood, AutoCloseable {
  public final RecordingEnforcement enforcement = new RecordingEnforcement();
  public final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
  public final Database database;
  public final Control control;
  public final Gateways gateways;
  public volatile List<byte[]> keys = List.of();
  public volatile long confirmed;

  /** Opens one, with a data directory of its own. */
  public Site(String url, Authorities authorities, Seal seal, String name) {
    this(url, authorities, seal, name, "node of " + name);
  }

  /** Opens one over a certain data directory. */
  public Site(String url, Authorities authorities, Seal seal, String name, String node) {
    database = Database.open(url, null, null);
    control = Control.open(Desk.CONFIGURATION, database, authorities, InstantSource.system());
    try {
      gateways =
          control.join(
              membership(name, node, Duration.ofHours(6)),
              seal,
              System::nanoTime,
              new SplittableRandom(1));
    } catch (RuntimeException e) {
      control.close();
      database.close();
      throw e;
    }
    control.connect(enforcement);
    gateways.follow(this);
  }

  /** How a gateway takes part that is quick to notice and to be noticed. */
  public static Membership membership(String name, String node, Duration ticketKeyPeriod) {
    return new Membership(
        name,
        node,
        "instance " + System.nanoTime(),
        "test",
        name + ":8883",
        Duration.ofSeconds(3),
        Duration.ofMillis(200),
        Duration.ofSeconds(2),
        ticketKeyPeriod);
  }

  /** Every service. */
  public Api api() {
    return control.api();
  }

  @Override
  public void confirmed(long asOfNanos) {
    confirmed = asOfNanos;
  }

  @Override
  public void ticketKeys(List<byte[]> newKeys) {
    keys = newKeys;
  }

  @Override
  public void arrived(Arrival arrival) {
    arrivals.add(arrival);
  }

  @Override
  public void close() {
    gateways.close();
    control.close();
    database.close();
  }
}
