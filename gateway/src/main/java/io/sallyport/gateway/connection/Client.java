package io.sallyport.gateway.connection;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Session;
import io.sallyport.gateway.meter.Latency;
import io.sallyport.gateway.meter.LoopMeters;
import io.sallyport.gateway.mqtt.Packet;
import io.sallyport.gateway.mqtt.PacketType;
import io.sallyport.gateway.mqtt.PacketWriter;
import io.sallyport.gateway.mqtt.ProtocolVersion;
import io.sallyport.gateway.mqtt.Welcome;
import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.Action;
import io.sallyport.policy.RequestContext;
import io.sallyport.policy.SessionPolicy;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connected client: the exchange's way out to it, each delivery decided before it is written.
 */
final class Client implements Outlet, LoopMeters.Publisher {
  // Far below what a network adds, and at ten thousand messages a second time for five.
  private static final long MOMENT_MICROS = 500;
  private static final long NOT_ARRIVED = 0;

  private final Connection connection;
  private final GateContext gate;
  private final ProtocolVersion version;
  private final String clientId;
  private final long packetSizeMax;
  private final boolean problemInformation;
  private final boolean expiring;
  private final int keepAliveTicks;
  private final Instant since;
  private final Carried carried;
  private final OutboundBatch out;
  private final Inbound inbound = new Inbound();
  private final PendingResults results = new PendingResults();
  private Welcome welcome;
  private final RequestContext request;
  private SessionPolicy policy;
  private @Nullable Session session;
  private @Nullable Calls calls;
  // Counted by the loop; whoever looks from outside may see them a moment late.
  private volatile long arrival = NOT_ARRIVED;
  private volatile boolean announced;
  private long received;
  private long sent;

  Client(
      Connection connection,
      GateContext gate,
      Packet.Connect connect,
      String clientId,
      int keepAliveTicks,
      Welcome welcome,
      RequestContext request,
      SessionPolicy policy) {
    this.connection = connection;
    this.gate = gate;
    this.version = connect.version();
    this.clientId = clientId;
    this.packetSizeMax = connect.maximumPacketSize();
    this.problemInformation = connect.problemInformation();
    this.expiring = connect.sessionExpirySeconds() > 0;
    this.keepAliveTicks = keepAliveTicks;
    this.since = gate.clock().instant();
    this.carried = connection.authentication().carried();
    this.out = new OutboundBatch(connection.channel(), connection.loop().flushes(), carried);
    this.welcome = welcome;
    this.request = request;
    this.policy = policy;
  }

  Connection connection() {
    return connection;
  }

  ProtocolVersion version() {
    return version;
  }

  String clientId() {
    return clientId;
  }

  PrincipalId principal() {
    return connection.device().id();
  }

  Instant since() {
    return since;
  }

  int keepAliveTicks() {
    return keepAliveTicks;
  }

  /** Whether its session was asked to outlive the connection. */
  boolean isExpiring() {
    return expiring;
  }

  /** What its CONNECT said of itself. */
  RequestContext request() {
    return request;
  }

  SessionPolicy policy() {
    return policy;
  }

  void policy(SessionPolicy changed) {
    policy = changed;
  }

  Inbound inbound() {
    return inbound;
  }

  /** What it asks the server itself. */
  Calls calls() {
    var known = calls;
    if (known == null) {
      known = new Calls();
      calls = known;
    }
    return known;
  }

  /** The same; null if it never asked, nor wanted to hear an answer. */
  @Nullable Calls callsOrNull() {
    return calls;
  }

  PendingResults results() {
    return results;
  }

  OutboundBatch out() {
    return out;
  }

  /** The exchange gave the session; it may have closed this outlet before it did. */
  void attached(Session opened) {
    if (connection.phase() != Phase.CLOSED) {
      session = opened;
    }
  }

  /** The session; only while packets are handled, which is after it was attached. */
  Session session() {
    var open = session;
    if (open == null) {
      throw new IllegalStateException("no session is open");
    }
    return open;
  }

  /** The arrival of that number was told to every gateway, in its place among all. */
  void announced(long number) {
    if (arrival == number) {
      announced = true;
    }
  }

  /** Whether its arrival was told to every gateway: if not, it is yet to come, and is the later. */
  boolean isAnnounced() {
    return announced;
  }

  /** What its connection carries. */
  Carried carried() {
    return carried;
  }

  /** A publication came from it. */
  void publishes() {
    received++;
  }

  /** How many publications came from it. */
  long received() {
    return received;
  }

  /** How many deliveries went to it. */
  long sent() {
    return sent;
  }

  /** How many messages wait for it in the exchange. */
  int backlog() {
    var open = session;
    return open == null ? 0 : open.backlog();
  }

  /** How many bytes wait for it in the gate. */
  long unsentBytes() {
    var buffer = connection.channel().unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  @Nullable Session sessionOrNull() {
    return session;
  }

  // How the session ends.

  /** Its connection is over; who was told of its coming is told. */
  void departed(String why) {
    if (arrival != NOT_ARRIVED) {
      gate.arrivals().departed(arrival, this, why);
    }
  }

  /** The connection ended without a DISCONNECT: the will is due. */
  void lost() {
    var open = session;
    session = null;
    if (open != null) {
      open.lost();
    }
  }

  /** The session ends as after a DISCONNECT: the will is not published. */
  void discardWill() {
    disconnected(false, -1);
  }

  void disconnected(boolean withWill, long sessionExpirySeconds) {
    var open = session;
    session = null;
    if (open != null) {
      open.disconnect(withWill, sessionExpirySeconds);
    }
  }

  /** The last packet, where the protocol has one. */
  void farewell(boolean greeted, Reason reason, @Nullable String text) {
    var server = takesText() ? gate.draining().server(reason) : null;
    var why = takesText() && problemInformation ? text : null;
    if (!greeted) {
      PacketWriter.refuse(out.room(PacketWriter.SMALL_MAX), version, reason, why, server);
    } else if (version == ProtocolVersion.V5) {
      PacketWriter.disconnect(out.room(PacketWriter.SMALL_MAX), reason, why, server);
    }
    out.flush();
  }

  void writable() {
    var open = session;
    if (open != null) {
      open.writable();
    }
  }

  // What the exchange asks for.

  @Override
  public Executor executor() {
    return connection.channel().eventLoop();
  }

  // If the loop has ended, so has the connection.
  @SuppressWarnings("FutureReturnValueIgnored")
  @Override
  public void soon(Runnable task) {
    connection.channel().eventLoop().schedule(task, MOMENT_MICROS, TimeUnit.MICROSECONDS);
  }

  @Override
  public InetSocketAddress source() {
    return connection.entrance().source();
  }

  @Override
  public void room(boolean isThere) {
    if (isThere) {
      connection.resume(Pause.EXCHANGE);
    } else {
      connection.pause(Pause.EXCHANGE);
    }
  }

  @Override
  public boolean isWritable() {
    return connection.channel().isWritable();
  }

  @Override
  public void receiveMaximum(int most) {
    welcome = welcome.withReceiveMaximum(most);
  }

  @Override
  public void connected(boolean sessionPresent) {
    if (connection.phase() != Phase.OPENING) {
      return;
    }
    welcome.write(out.room(PacketWriter.SMALL_MAX), version, sessionPresent);
    connection.opened(keepAliveTicks);
    arrival = gate.arrivals().next();
    gate.arrivals().arrived(arrival, this);
    if (session != null) {
      connection.handleWaiting();
    }
  }

  @Override
  public Delivered deliver(
      Message message,
      int packetId,
      int qos,
      boolean retain,
      boolean dup,
      int @Nullable [] identifiers) {
    if (!mayReceive(message)) {
      Deliveries.denied(gate, this, message);
      return Delivered.DENIED;
    }
    int flags = (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
    long now = message.expiresAtMillis() == Message.NEVER ? 0 : gate.clock().millis();
    boolean fits =
        Deliveries.write(out, version, packetSizeMax, message, flags, packetId, identifiers, now);
    if (!fits) {
      return Delivered.TOO_LARGE;
    }
    gate.counters().delivered.increment();
    sent++;
    carried.message();
    return Delivered.SENT;
  }

  private boolean mayReceive(Message message) {
    var meters = connection.loop().meters();
    if (!meters.samplesDelivery()) {
      return policy.allows(Action.RECEIVE, message.topic());
    }
    long begun = meters.now();
    boolean allowed = policy.allows(Action.RECEIVE, message.topic());
    meters.ended(Latency.DECISION_RECEIVE, begun);
    return allowed;
  }

  @Override
  public boolean isConnected() {
    return connection.phase() != Phase.CLOSED;
  }

  @Override
  public void pubrel(int packetId) {
    acknowledge(PacketType.PUBREL, packetId, Reason.SUCCESS, null);
  }

  @Override
  public void puback(int packetId, Reason reason) {
    inbound.ended();
    answer(PacketType.PUBACK, packetId, reason);
  }

  @Override
  public void pubrec(int packetId, Reason reason) {
    if (reason.isFailure()) {
      inbound.ended();
    }
    answer(PacketType.PUBREC, packetId, reason);
  }

  @Override
  public void pubcomp(int packetId, Reason reason) {
    inbound.ended();
    acknowledge(PacketType.PUBCOMP, packetId, reason, null);
  }

  private void answer(int type, int packetId, Reason reason) {
    connection.loop().meters().acknowledged(this, packetId);
    if (inbound.answered()) {
      connection.resume(Pause.UNANSWERED);
    }
    if (version == ProtocolVersion.V3_1_1 && reason.isFailure()) {
      // MQTT 3.1.1 cannot refuse one message: an acknowledgement would be a lie.
      connection.end(reason, null);
    } else {
      acknowledge(type, packetId, reason, null);
    }
  }

  /** Writes an acknowledgement; the text is for an operator of the device to read. */
  void acknowledge(int type, int packetId, Reason reason, @Nullable String text) {
    PacketWriter.acknowledge(
        out.room(PacketWriter.SMALL_MAX),
        version,
        type,
        packetId,
        reason,
        problemInformation && takesText() ? text : null);
  }

  /** MQTT-3.1.2-24 and others: text is left out before a packet is larger than is taken. */
  private boolean takesText() {
    return PacketWriter.SMALL_MAX <= packetSizeMax;
  }

  @Override
  public void suback(int packetId, int[] codes) {
    var merged = results.merge(PacketType.SUBACK, packetId, codes);
    PacketWriter.suback(
        out.room(PacketWriter.resultsLength(merged.length)), version, packetId, merged);
  }

  @Override
  public void unsuback(int packetId, int[] codes) {
    var merged = results.merge(PacketType.UNSUBACK, packetId, codes);
    PacketWriter.unsuback(
        out.room(PacketWriter.resultsLength(merged.length)), version, packetId, merged);
  }

  @Override
  public void flush() {
    // What was written leaves at the end of this turn of the loop, with whatever else comes in it.
  }

  @Override
  public void close(Reason reason) {
    session = null;
    connection.end(reason, null);
  }
}
