package io.sallyport.gateway.connection;

import io.sallyport.gateway.defence.AddressBlock;
import io.sallyport.gateway.est.EstDoor;
import io.sallyport.policy.ListenerRules;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A listener as its connections know it: how it reads policies, and how many there are. */
public final class Listener {
  private static final String EST = "est";

  final AtomicInteger connections = new AtomicInteger();
  final LongAdder accepted = new LongAdder();
  private final ListenerRules rules;
  private final @Nullable EstDoor est;
  private volatile List<AddressBlock> balancers;

  /** A listener that nobody has come through yet. */
  public Listener(ListenerRules rules, List<AddressBlock> balancers) {
    this(rules, balancers, null);
  }

  private Listener(ListenerRules rules, List<AddressBlock> balancers, @Nullable EstDoor est) {
    this.rules = rules;
    this.balancers = balancers;
    this.est = est;
  }

  /** A listener where devices ask for certificates instead of speaking MQTT. */
  public static Listener of(EstDoor est) {
    var rules = ListenerRules.DEFAULT;
    return new Listener(new ListenerRules(EST, rules.mode(), rules.subscribe()), List.of(), est);
  }

  /** The door behind it, if it is not MQTT's. */
  @Nullable EstDoor est() {
    return est;
  }

  public ListenerRules rules() {
    return rules;
  }

  /** Other load balancers stand before it, from the next connection on. */
  public void behind(List<AddressBlock> changed) {
    balancers = changed;
  }

  /** Whether load balancers stand before it, and nobody else may connect. */
  boolean isProxied() {
    return !balancers.isEmpty();
  }

  boolean isBalancer(InetAddress address) {
    return balancers.stream().anyMatch(block -> block.contains(address));
  }

  public int connections() {
    return connections.get();
  }

  public long accepted() {
    return accepted.sum();
  }
}
