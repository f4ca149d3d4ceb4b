package io.sallyport.gateway.connection;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Will;
import io.sallyport.gateway.meter.Denial;
import io.sallyport.gateway.meter.Latency;
import io.sallyport.gateway.mqtt.Packet;
import io.sallyport.gateway.mqtt.PacketReader;
import io.sallyport.gateway.mqtt.PacketWriter;
import io.sallyport.gateway.mqtt.ProtocolVersion;
import io.sallyport.gateway.mqtt.Welcome;
import io.sallyport.gateway.trust.TrustedPrincipal;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventType;
import io.sallyport.policy.Action;
import io.sallyport.policy.Decision;
import io.sallyport.policy.Mode;
import io.sallyport.policy.RequestContext;
import io.sallyport.policy.SessionPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides each CONNECT with its Will, and decides it again when trust has changed. */
final class Admission {
  private static final long MILLIS = 1_000;

  private final GateContext gate;
  private final Duties duties;
  private final ClientIdRule clientIds;

  Admission(GateContext gate, Duties duties) {
    this.gate = gate;
    this.duties = duties;
    this.clientIds = new ClientIdRule(gate.trust());
  }

  /** Lets the client in, or answers why not and ends the connection. */
  void admit(Connection connection, Packet.Connect connect) {
    if (connect.enhancedAuthentication()) {
      denied(connection, Denial.CONNECT_AUTHENTICATION_METHOD, connect.clientId());
      refuse(connection, connect, Reason.BAD_AUTHENTICATION_METHOD, "no such method here");
      return;
    }
    var clientId = clientId(connection, connect);
    var refusal =
        clientIds.refusal(connection.device().id(), clientId, gate.settings().severalConnections());
    if (refusal != null) {
      denied(connection, Denial.CONNECT_CLIENT_ID, clientId);
      report(connection, EventType.CONNECT_REFUSED, clientId, refusal);
      refuse(
          connection, connect, Reason.CLIENT_IDENTIFIER_NOT_VALID, "client identifier not valid");
      return;
    }
    var principal = gate.trust().find(connection.device().id());
    if (principal == null || !Handshakes.isStillAdmitted(gate, connection.device())) {
      denied(connection, Denial.CONNECT_NOT_ACTIVE, clientId);
      refuse(connection, connect, Reason.NOT_AUTHORIZED, "not authorized");
      return;
    }
    var unavailable = unavailable();
    if (unavailable != null) {
      // Told only to whom the gate knows, and before a session here is touched.
      denied(connection, unavailable.denial(), clientId);
      sendAway(connection, connect, unavailable.refusal());
      return;
    }
    decide(connection, connect, clientId, principal);
  }

  private void decide(
      Connection connection, Packet.Connect connect, String clientId, TrustedPrincipal principal) {
    var meters = connection.loop().meters();
    long begun = meters.now();
    var policy = Rights.of(gate, principal, clientId, connection);
    var request = request(connect);
    var decision = policy.decide(Action.CONNECT, clientId, request);
    meters.ended(Latency.DECISION_CONNECT, begun);
    if (!decision.isAllowed()) {
      denied(connection, Denial.CONNECT_POLICY, clientId);
      reportDenied(connection, clientId, request, policy, decision);
      refuse(connection, connect, Reason.NOT_AUTHORIZED, "not authorized");
      return;
    }
    var will = connect.will();
    if (will != null) {
      var refusal = WillRefusal.of(policy, will.topic(), will.isRetain());
      if (refusal != null) {
        denied(connection, Denial.CONNECT_WILL, clientId);
        reportDenied(connection, clientId, policy, refusal);
        refuse(connection, connect, Reason.NOT_AUTHORIZED, "not authorized for this will");
        return;
      }
    }
    policy.use(Action.CONNECT, clientId, request);
    if (will != null) {
      useOfWill(policy, will.topic(), will.isRetain());
    }
    observe(connection, clientId, null, meters.now() - begun);
    open(connection, connect, clientId, principal, request, policy);
  }

  private static void useOfWill(SessionPolicy policy, byte[] topic, boolean retain) {
    var name = new String(topic, StandardCharsets.UTF_8);
    policy.use(Action.PUBLISH, name, RequestContext.NONE);
    if (retain) {
      policy.use(Action.RETAIN_PUBLISH, name, RequestContext.NONE);
    }
  }

  private void denied(Connection connection, Denial why, String clientId) {
    gate.meters().denied(why);
    observe(connection, clientId, why.reason(), 0);
  }

  private static void observe(
      Connection connection, String clientId, @Nullable String refusal, long nanos) {
    var observed = connection.observed();
    if (observed != null) {
      observed.connect(clientId, refusal, nanos);
    }
  }

  private static RequestContext request(Packet.Connect connect) {
    boolean persistent = !connect.cleanStart() || connect.sessionExpirySeconds() > 0;
    var will = connect.will();
    return RequestContext.connect(
        persistent, will == null ? null : new String(will.topic(), StandardCharsets.UTF_8));
  }

  private void open(
      Connection connection,
      Packet.Connect connect,
      String clientId,
      TrustedPrincipal principal,
      RequestContext request,
      SessionPolicy policy) {
    long expiry = Math.min(connect.sessionExpirySeconds(), gate.limits().sessionExpirySecondsMax());
    int keepAlive = keepAliveSeconds(connect);
    var client =
        new Client(
            connection,
            gate,
            connect,
            clientId,
            keepAliveTicks(keepAlive),
            welcome(connection, connect, clientId, expiry, keepAlive),
            request,
            policy);
    gate.willModes()
        .left(
            principal.id(),
            clientId,
            connect.will() == null ? Mode.STRICT : connection.rules().mode());
    connection.opening();
    connection.holds(client);
    var opening =
        new Opening(
            connection.device().id(),
            clientId,
            connect.cleanStart(),
            expiry,
            connect.receiveMaximum(),
            will(connection, connect, clientId));
    client.attached(gate.exchange().open(opening, client));
    if (!connect.cleanStart()) {
      // Its policy may have changed while nobody was there to lose a subscription.
      revalidate(client, principal);
    }
  }

  private Welcome welcome(
      Connection connection, Packet.Connect connect, String clientId, long expiry, int keepAlive) {
    var limits = gate.limits();
    return new Welcome(
        expiry == connect.sessionExpirySeconds() ? -1 : expiry,
        limits.receiveMaximum(),
        connection.limits().maximumPacketSize(),
        limits.topicAliasMaximum(),
        keepAlive == connect.keepAliveSeconds() ? -1 : keepAlive,
        connect.clientId().isEmpty() ? clientId : null);
  }

  /** What the client must keep to: MQTT 5 can be told a shorter one, MQTT 3.1.1 cannot. */
  private int keepAliveSeconds(Packet.Connect connect) {
    int asked = connect.keepAliveSeconds();
    int max = gate.limits().keepAliveSecondsMax();
    boolean capped = connect.version() == ProtocolVersion.V5 && (asked == 0 || asked > max);
    return capped ? max : asked;
  }

  private int keepAliveTicks(int keepAlive) {
    // MQTT 5, 3.1.2.10: one and a half times the keep alive.
    return keepAlive == 0
        ? DeadlineWheel.ticks(gate.limits().idleMax())
        : DeadlineWheel.ticks(Duration.ofMillis(keepAlive * 1_500L));
  }

  private @Nullable Will will(Connection connection, Packet.Connect connect, String clientId) {
    var part = connect.will();
    if (part == null) {
      return null;
    }
    long expiry = part.expirySeconds();
    var message =
        new Message(
            connection.device().id(),
            clientId,
            part.topic(),
            part.payload(),
            part.properties(),
            part.qos(),
            part.isRetain(),
            expiry < 0 ? Message.NEVER : gate.clock().millis() + expiry * MILLIS);
    return new Will(message, part.delaySeconds());
  }

  /** An empty client id asks the server to choose (MQTT 5, 3.1.3.1): there is only one choice. */
  private static String clientId(Connection connection, Packet.Connect connect) {
    boolean mayBeEmpty = connect.version() == ProtocolVersion.V5 || connect.cleanStart();
    return connect.clientId().isEmpty() && mayBeEmpty
        ? connection.device().id().value()
        : connect.clientId();
  }

  /** What stands against everybody, and how it is told. */
  private record Closed(Denial denial, Reason refusal) {}

  /** Why nobody is let in now; null if one is. */
  private @Nullable Closed unavailable() {
    var departure = gate.draining().departure();
    if (departure != null) {
      return new Closed(Denial.CONNECT_DRAINING, departure.refusal());
    }
    var stale = gate.failClosed().refusal();
    return stale == null ? null : new Closed(Denial.CONNECT_TRUST_STALE, stale);
  }

  private void refuse(
      Connection connection, Packet.Connect connect, Reason reason, @Nullable String text) {
    connection.entrance().failed("CONNECT refused: " + text);
    answer(connection, connect, reason, text);
  }

  /** It did nothing wrong: nobody is banned for asking a gate that cannot let anybody in. */
  private void sendAway(Connection connection, Packet.Connect connect, Reason reason) {
    answer(connection, connect, reason, null);
  }

  private void answer(
      Connection connection, Packet.Connect connect, Reason reason, @Nullable String text) {
    gate.counters().connectsRefused.increment();
    var told = takesAnyRefusal(connect) ? text : null;
    refuse(connection, connect.version(), reason, told, server(connect, reason));
    connection.end(reason, null);
  }

  private @Nullable String server(Packet.Connect connect, Reason reason) {
    return takesAnyRefusal(connect) ? gate.draining().server(reason) : null;
  }

  private static boolean takesAnyRefusal(Packet.Connect connect) {
    return PacketWriter.SMALL_MAX <= connect.maximumPacketSize();
  }

  /** Answers a CONNECT that could not be read, as far as its version could. */
  void refuseMalformed(Connection connection, PacketReader reader, Reason reason) {
    gate.counters().connectsRefused.increment();
    gate.meters().denied(Denial.CONNECT_MALFORMED);
    if (reason == Reason.UNSUPPORTED_PROTOCOL_VERSION) {
      // MQTT 3.1.1, 3.1.2.2: 0x01. MQTT 5, 3.1.2.2: 0x84. A level above 5 is answered as 5.
      var version = reader.isBelowV5() ? ProtocolVersion.V3_1_1 : ProtocolVersion.V5;
      refuse(connection, version, reason, null, null);
    } else if (reader.isV5()) {
      refuse(connection, ProtocolVersion.V5, reason, null, null);
    }
  }

  // A write that fails closes the channel.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void refuse(
      Connection connection,
      ProtocolVersion version,
      Reason reason,
      @Nullable String text,
      @Nullable String server) {
    var answer = connection.channel().alloc().directBuffer(PacketWriter.SMALL_MAX);
    PacketWriter.refuse(answer, version, reason, text, server);
    connection.authentication().carried().bytes(answer.readableBytes());
    connection.channel().writeAndFlush(answer, connection.channel().voidPromise());
  }

  /** Decides a connection again: SUCCESS, or why it must end. */
  Reason decideAgain(Connection connection) {
    var device = connection.device();
    var principal = gate.trust().find(device.id());
    if (principal == null || !Handshakes.isStillAdmitted(gate, device)) {
      boolean standing = principal != null && principal.standing() == Standing.ACTIVE;
      return standing ? Reason.NOT_AUTHORIZED : Reason.ADMINISTRATIVE_ACTION;
    }
    var client = connection.client();
    if (client == null) {
      return Reason.SUCCESS;
    }
    var policy = rights(client, principal);
    var decision = policy.decide(Action.CONNECT, client.clientId(), client.request());
    if (!decision.isAllowed()) {
      reportDenied(connection, client.clientId(), client.request(), policy, decision);
      return Reason.NOT_AUTHORIZED;
    }
    policy.use(Action.CONNECT, client.clientId(), client.request());
    client.policy(policy);
    revalidate(client, principal);
    return Reason.SUCCESS;
  }

  /** Takes away the subscriptions that are no longer allowed. */
  private void revalidate(Client client, TrustedPrincipal principal) {
    var session = client.sessionOrNull();
    if (session != null) {
      // Rights of their own: the exchange may ask on another thread.
      var rights = rights(client, principal);
      var rule = client.connection().rules().subscribe();
      var removed = session.revalidate(filter -> Subscribing.isStillAllowed(rights, rule, filter));
      duties.subscribing().reportRemoved(client, removed);
    }
  }

  private SessionPolicy rights(Client client, TrustedPrincipal principal) {
    return Rights.of(gate, principal, client.clientId(), client.connection());
  }

  private void reportDenied(
      Connection connection,
      String clientId,
      RequestContext request,
      SessionPolicy policy,
      Decision decision) {
    duties.report(
        EventType.CONNECT_REFUSED,
        connection.device().id().value(),
        decision.explanation(),
        connection.source(),
        Map.of("clientId", clientId),
        () -> policy.explain(Action.CONNECT, clientId, request).trace());
  }

  private void reportDenied(
      Connection connection, String clientId, SessionPolicy policy, WillRefusal refusal) {
    duties.report(
        EventType.WILL_DENIED,
        connection.device().id().value(),
        refusal.why(),
        connection.source(),
        Map.of("clientId", clientId),
        () -> refusal.trace(policy));
  }

  private void report(Connection connection, EventType type, String clientId, String why) {
    duties.report(
        type,
        connection.device().id().value(),
        why,
        connection.source(),
        Map.of("clientId", clientId, "reason", why));
  }
}
