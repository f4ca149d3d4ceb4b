package io.sallyport.gateway.connection;

import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Subscription;
import io.sallyport.gateway.mqtt.MalformedPacket;
import io.sallyport.gateway.mqtt.Packet;
import io.sallyport.gateway.mqtt.PacketType;
import io.sallyport.gateway.mqtt.TopicSyntax;
import io.sallyport.ledger.EventType;
import io.sallyport.policy.Action;
import io.sallyport.policy.Decision;
import io.sallyport.policy.RequestContext;
import io.sallyport.policy.SessionPolicy;
import java.util.ArrayList;
import java.util.Map;

/**
 * Decides each filter of a SUBSCRIBE: what is refused is cut out, the rest goes to the exchange,
 * and the answer is put together again in order.
 */
final class Subscribing {
  private final GateContext gate;
  private final Duties duties;

  Subscribing(GateContext gate, Duties duties) {
    this.gate = gate;
    this.duties = duties;
  }

  void subscribe(Client client, Packet.Subscribe packet) throws MalformedPacket {
    var asked = packet.subscriptions();
    var codes = new int[asked.size()];
    var allowed = new ArrayList<Subscription>(asked.size());
    for (int i = 0; i < codes.length; i++) {
      codes[i] = code(client, i, asked.get(i).filter());
      if (codes[i] == PendingResults.OPEN) {
        allowed.add(asked.get(i));
      }
    }
    if (allowed.isEmpty()) {
      client.suback(packet.packetId(), codes);
      return;
    }
    if (allowed.size() < codes.length) {
      client.results().add(PacketType.SUBACK, packet.packetId(), codes);
    }
    client.session().subscribe(packet.packetId(), allowed);
  }

  void unsubscribe(Client client, Packet.Unsubscribe packet) throws MalformedPacket {
    var asked = packet.filters();
    var codes = new int[asked.size()];
    var valid = new ArrayList<String>(asked.size());
    for (int i = 0; i < codes.length; i++) {
      codes[i] = syntax(i, asked.get(i));
      if (codes[i] == PendingResults.OPEN) {
        valid.add(asked.get(i));
      }
    }
    if (valid.isEmpty()) {
      client.unsuback(packet.packetId(), codes);
      return;
    }
    if (valid.size() < codes.length) {
      client.results().add(PacketType.UNSUBACK, packet.packetId(), codes);
    }
    client.session().unsubscribe(packet.packetId(), valid);
  }

  /** Whether a subscription that stands is still allowed. */
  static boolean isAllowed(SessionPolicy policy, String filter) {
    return decide(policy, filter).isAllowed();
  }

  private int code(Client client, int index, String filter) {
    int syntax = syntax(index, filter);
    if (syntax != PendingResults.OPEN) {
      return syntax;
    }
    var decision = decide(client.policy(), filter);
    if (decision.isAllowed()) {
      used(client.policy(), filter);
      return PendingResults.OPEN;
    }
    gate.counters().subscribesDenied.increment();
    duties.report(
        EventType.SUBSCRIBE_DENIED,
        client,
        decision.explanation(),
        Map.of("filter", filter, "clientId", client.clientId()),
        () -> trace(client.policy(), filter));
    return Reason.NOT_AUTHORIZED.code();
  }

  /** As {@link #isAllowed}; what stands is used, as long as it does. */
  static boolean isStillAllowed(SessionPolicy policy, String filter) {
    boolean allowed = isAllowed(policy, filter);
    if (allowed) {
      used(policy, filter);
    }
    return allowed;
  }

  private static void used(SessionPolicy policy, String filter) {
    policy.use(Action.SUBSCRIBE, TopicSyntax.unshared(filter), RequestContext.NONE);
    var group = TopicSyntax.shareGroup(filter);
    if (group != null) {
      policy.use(Action.SHARE_GROUP, group, RequestContext.NONE);
    }
  }

  private int syntax(int index, String filter) {
    // Bound: a SUBSCRIBE may not buy more decisions than this.
    if (index >= gate.limits().filtersPerSubscribeMax()) {
      return Reason.QUOTA_EXCEEDED.code();
    }
    return TopicSyntax.isFilter(filter, gate.limits().topicLevelsMax())
        ? PendingResults.OPEN
        : Reason.TOPIC_FILTER_INVALID.code();
  }

  private static Decision decide(SessionPolicy policy, String filter) {
    var decision = policy.decide(Action.SUBSCRIBE, TopicSyntax.unshared(filter));
    var group = TopicSyntax.shareGroup(filter);
    if (decision.isAllowed() && group != null) {
      return policy.decide(Action.SHARE_GROUP, group);
    }
    return decision;
  }

  private static String trace(SessionPolicy policy, String filter) {
    var subscribe = policy.explain(Action.SUBSCRIBE, TopicSyntax.unshared(filter));
    var group = TopicSyntax.shareGroup(filter);
    return subscribe.decision().isAllowed() && group != null
        ? policy.explain(Action.SHARE_GROUP, group).trace()
        : subscribe.trace();
  }

  /** Reports subscriptions that a change took away. */
  void reportRemoved(Client client, Iterable<String> filters) {
    for (var filter : filters) {
      gate.counters().subscribesDenied.increment();
      var why = decide(client.policy(), filter).explanation();
      duties.report(
          EventType.SUBSCRIBE_DENIED,
          client,
          "no longer: " + filter,
          Map.of("filter", filter, "clientId", client.clientId(), "reason", why, "removed", "true"),
          () -> trace(client.policy(), filter));
    }
  }
}
