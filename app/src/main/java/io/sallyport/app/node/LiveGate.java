package io.sallyport.app.node;

import io.sallyport.control.enforcement.LiveConnections;
import io.sallyport.gateway.Gateway;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Who is connected to the gate, as the desk shows it. */
final class LiveGate implements LiveConnections {
  private final Gateway gateway;

  LiveGate(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public List<LiveConnection> of(PrincipalId id) {
    return gateway.connections(id).stream()
        .map(c -> new LiveConnection(c.clientId(), c.address(), c.since(), c.listener()))
        .toList();
  }

  @Override
  public List<Fingerprint> certificates(PrincipalId id) {
    return gateway.connections(id).stream().map(c -> c.certificate()).toList();
  }

  @Override
  public Activity activity(int limit) {
    var look = gateway.activity();
    return new Activity(
        look.seconds(),
        first(limit, look.all().stream().map(LiveGate::shown), LiveGate::messages),
        first(limit, look.all().stream().map(LiveGate::shown), LiveGate::waiting));
  }

  private static List<Busy> first(int limit, Stream<Busy> all, Comparator<Busy> least) {
    var none = new Busy("", "", "", "", 0, 0, 0, 0);
    return all.filter(one -> least.compare(one, none) > 0)
        .sorted(least.reversed().thenComparing(Busy::clientId))
        .limit(limit)
        .toList();
  }

  private static int messages(Busy one, Busy other) {
    return Double.compare(
        one.messagesInPerSecond() + one.messagesOutPerSecond(),
        other.messagesInPerSecond() + other.messagesOutPerSecond());
  }

  private static int waiting(Busy one, Busy other) {
    int queued = Long.compare(one.queuedMessages(), other.queuedMessages());
    return queued == 0 ? Long.compare(one.unsentBytes(), other.unsentBytes()) : queued;
  }

  private static Busy shown(io.sallyport.gateway.connection.Activity one) {
    return new Busy(
        one.principal(),
        one.clientId(),
        one.address(),
        one.listener(),
        one.inPerSecond(),
        one.outPerSecond(),
        one.queued(),
        one.unsentBytes());
  }
}
