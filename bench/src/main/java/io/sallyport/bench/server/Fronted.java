package io.sallyport.bench.server;

import io.sallyport.bench.load.Target;
import java.util.Optional;

/**
 * A broker behind the gateway: one server in two processes, whose costs are those of both.
 *
 * @param gateway where the load goes
 * @param broker where the gateway carries it
 */
public record Fronted(ServerUnderTest gateway, ServerUnderTest broker) implements ServerUnderTest {
  /** How the tables call a broker behind the gateway. */
  public static String name(String broker) {
    return "sallyport+" + broker;
  }

  @Override
  public String name() {
    return name(broker.name());
  }

  @Override
  public Target target() {
    return gateway.target();
  }

  @Override
  public ProcStat process() {
    return gateway.process().and(broker.process());
  }

  @Override
  public Optional<ProcStat> behind() {
    return Optional.of(broker.process());
  }

  @Override
  public void observeWith(Observer observer) {
    gateway.observeWith(observer);
  }

  @Override
  public Observer.Observation observe() throws InterruptedException {
    return gateway.observe();
  }

  @Override
  public void close() {
    gateway.close();
    broker.close();
  }
}
