package io.sallyport.gateway.connection;

import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Subscription;
import io.sallyport.gateway.meter.Denial;
import io.sallyport.gateway.meter.Latency;
import io.sallyport.gateway.mqtt.MalformedPacket;
import io.sallyport.gateway.mqtt.Packet;
import io.sallyport.gateway.mqtt.PacketType;
import io.sallyport.gateway.mqtt.TopicSyntax;
import io.sallyport.ledger.EventType;
import io.sallyport.policy.Action;
import io.sallyport.policy.RequestContext;
import io.sallyport.policy.SearchBudget;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.SharedFilter;
import io.sallyport.policy.SubscribeDecision;
import io.sallyport.policy.SubscribeRule;
import java.util.ArrayList;
import java.util.Map;

/**
 * Decides each filter of a SUBSCRIBE: what is refused is cut out, the rest goes to the exchange,
 * and the answer is put together again in order.
 */
final class Subscribing {
  // What the gate answers itself is sent once.
  private static final int ANSWERS_QOS = 0;

  private final GateContext gate;
  private final Duties duties;
  private final Answering answering;

  Subscribing(GateContext gate, Duties duties, Answering answering) {
    this.answering = answering;
    this.gate = gate;
    this.duties = duties;
  }

  void subscribe(Client client, Packet.Subscribe packet) throws MalformedPacket {
    var asked = packet.subscriptions();
    var codes = new int[asked.size()];
    var allowed = new ArrayList<Subscription>(asked.size());
    for (int i = 0; i < codes.length; i++) {
      codes[i] = code(client, i, asked.get(i).filter());
      if (codes[i] == PendingResults.OPEN && answering.keeps(asked.get(i).filter())) {
        client.calls().keep(asked.get(i));
        codes[i] = ANSWERS_QOS;
      } else if (codes[i] == PendingResults.OPEN) {
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
      if (codes[i] == PendingResults.OPEN && answering.keeps(asked.get(i))) {
        codes[i] = forgotten(client, asked.get(i)).code();
      } else if (codes[i] == PendingResults.OPEN) {
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

  private static Reason forgotten(Client client, String filter) {
    var calls = client.callsOrNull();
    return calls != null && calls.forget(filter) ? Reason.SUCCESS : Reason.NO_SUBSCRIPTION_EXISTED;
  }

  /** Whether a subscription that stands is still allowed. */
  static boolean isAllowed(SessionPolicy policy, SubscribeRule rule, String filter) {
    return standing(policy, rule, filter).isGranted();
  }

  /** Of subscriptions that stand there is a bounded number, and nobody can ask for it again. */
  static SubscribeDecision standing(SessionPolicy policy, SubscribeRule rule, String filter) {
    return policy.subscribe(filter, rule, new SearchBudget(Integer.MAX_VALUE));
  }

  private int code(Client client, int index, String filter) {
    int syntax = syntax(index, filter);
    if (syntax != PendingResults.OPEN) {
      gate.meters()
          .denied(
              syntax == Reason.QUOTA_EXCEEDED.code()
                  ? Denial.SUBSCRIBE_QUOTA
                  : Denial.SUBSCRIBE_INVALID);
      return syntax;
    }
    var connection = client.connection();
    var budget = client.inbound().searches(connection.loop().deadlines().tick());
    if (budget.isSpent()) {
      gate.meters().denied(Denial.SUBSCRIBE_QUOTA);
      return Reason.QUOTA_EXCEEDED.code();
    }
    var meters = connection.loop().meters();
    long begun = meters.now();
    var decision = client.policy().subscribe(filter, connection.rules().subscribe(), budget);
    meters.ended(Latency.DECISION_SUBSCRIBE, begun);
    boolean granted = decision.isGranted();
    var observed = connection.observed();
    if (observed != null) {
      observed.subscribe(filter, granted ? null : decision.cause(), meters.now() - begun);
    }
    if (granted) {
      used(client.policy(), filter);
      return PendingResults.OPEN;
    }
    gate.counters().subscribesDenied.increment();
    gate.meters().denied(Denial.SUBSCRIBE_POLICY);
    duties.report(
        EventType.SUBSCRIBE_DENIED,
        client,
        decision.cause(),
        Map.of("filter", filter, "clientId", client.clientId(), "reason", decision.explanation()),
        () -> decision.trace(client.policy()));
    return Reason.NOT_AUTHORIZED.code();
  }

  /** As {@link #isAllowed}; what stands is used, as long as it does. */
  static boolean isStillAllowed(SessionPolicy policy, SubscribeRule rule, String filter) {
    boolean allowed = isAllowed(policy, rule, filter);
    if (allowed) {
      used(policy, filter);
    }
    return allowed;
  }

  private static void used(SessionPolicy policy, String filter) {
    var parts = SharedFilter.of(filter);
    policy.use(Action.SUBSCRIBE, parts.filter(), RequestContext.NONE);
    if (parts.group() != null) {
      policy.use(Action.SHARE_GROUP, parts.group(), RequestContext.NONE);
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

  /** Reports subscriptions that a change took away. */
  void reportRemoved(Client client, Iterable<String> filters) {
    for (var filter : filters) {
      gate.counters().subscribesDenied.increment();
      gate.meters().denied(Denial.SUBSCRIBE_POLICY);
      var rule = client.connection().rules().subscribe();
      var decision = standing(client.policy(), rule, filter);
      var facts =
          Map.of(
              "filter",
              filter,
              "clientId",
              client.clientId(),
              "reason",
              decision.explanation(),
              "removed",
              "true");
      duties.report(
          EventType.SUBSCRIBE_DENIED,
          client,
          "no longer: " + filter,
          facts,
          () -> decision.trace(client.policy()));
    }
  }
}
