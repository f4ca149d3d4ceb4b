package io.sallyport.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.sallyport.exchange.Reason;
import io.sallyport.gateway.defence.DeviceRates.Allowance;
import io.sallyport.gateway.meter.Denial;
import io.sallyport.gateway.mqtt.MalformedPacket;
import io.sallyport.gateway.mqtt.PacketType;
import io.sallyport.gateway.observation.ObservedConnection;
import io.sallyport.gateway.tls.VerifiedDevice;
import io.sallyport.ledger.EventType;
import io.sallyport.policy.ListenerRules;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket from accept to close: who it is, how far it has come, and when it is given up. What
 * its packets mean is decided by {@link Admission}, {@link Publishing} and {@link Subscribing}.
 */
// What becomes of a write or a close shows in the channel itself: it is gone, or soon will be.
@SuppressWarnings("FutureReturnValueIgnored")
final class Connection extends ChannelInboundHandlerAdapter implements Frames.Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private final Channel channel;
  private final GateContext gate;
  private final LoopContext loop;
  private final Duties duties;
  private final Listener listener;
  private final Entrance entrance;
  private final MqttLimits limits;
  private final Frames frames;
  private final Pace pace;
  private final DeadlineWheel.Deadline deadline = new Silence(this);
  private final @Nullable ObservedConnection observed;
  private final Authentication authentication;
  // Written by the loop, read by those who ask for a description.
  private volatile Phase phase = Phase.HANDSHAKE;
  private int lastRead;
  private volatile @Nullable Client client;
  private @Nullable Claimant claimant;

  Connection(
      Channel channel,
      GateContext gate,
      LoopContext loop,
      Duties duties,
      Listener listener,
      Entrance entrance) {
    this.channel = channel;
    this.gate = gate;
    this.loop = loop;
    this.duties = duties;
    this.listener = listener;
    this.entrance = entrance;
    this.pace = new Pace(channel);
    this.limits = gate.limits();
    this.frames = new Frames(channel, limits.maximumPacketSize());
    this.observed = gate.observer().begun(channel.remoteAddress(), listener.rules().name());
    this.authentication = new Authentication(this, gate, entrance, observed);
    loop.deadlines().set(deadline, DeadlineWheel.ticks(gate.handshakeTimeout()));
  }

  Channel channel() {
    return channel;
  }

  LoopContext loop() {
    return loop;
  }

  /** How the listener that it came through reads policies. */
  ListenerRules rules() {
    return listener.rules();
  }

  /** The bounds that were in force when it was accepted: what it is told is what it is held to. */
  MqttLimits limits() {
    return limits;
  }

  Phase phase() {
    return phase;
  }

  /** The address it comes from, without the port. */
  String source() {
    return entrance.host();
  }

  /** How it came so far. */
  Entrance entrance() {
    return entrance;
  }

  /** How fast its device may publish; null if as fast as it can. */
  @Nullable Allowance allowance() {
    return authentication.allowance();
  }

  /** Who it is; only after the handshake. */
  VerifiedDevice device() {
    return authentication.device();
  }

  /** How it is found out who it is. */
  Authentication authentication() {
    return authentication;
  }

  @Nullable Client client() {
    return client;
  }

  // The first door.

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done && phase == Phase.HANDSHAKE) {
      authentication.finished(ctx.pipeline(), done);
    }
  }

  /** It is known who it is: CONNECT may come. */
  void authenticated() {
    var est = listener.est();
    if (est != null) {
      phase = Phase.GUEST;
      var settings = est.settings();
      est.open(
          channel.pipeline(),
          new Guest(this, gate, settings.requestTimeout(), settings.lifetime()));
      return;
    }
    if (!authentication.isKnown()) {
      phase = Phase.GUEST;
      claimant = Claimant.at(this, gate, gate.topics());
      return;
    }
    phase = Phase.CONNECT;
    loop.deadlines().set(deadline, DeadlineWheel.ticks(gate.settings().connectTimeout()));
  }

  /** Whether it came to the EST door. */
  boolean isGuest() {
    return listener.est() != null;
  }

  /** A guest has so long for what comes next. */
  void guestHas(int ticks) {
    if (phase == Phase.GUEST) {
      loop.deadlines().set(deadline, ticks);
    }
  }

  /** A guest was told everything; it may still be sending what nobody wants. */
  void guestLeaves() {
    if (phase == Phase.GUEST) {
      closing();
      ended("guest");
      loop.deadlines().set(deadline, Exit.LINGER_TICKS);
      Exit.lingering(channel, FirstDoor.again(this));
    }
  }

  /** It is not let in, and has a moment to read why. */
  void refused() {
    phase = Phase.CLOSED;
    loop.deadlines().set(deadline, Exit.LINGER_TICKS);
  }

  /** Who is told of its life, if anybody is. */
  @Nullable ObservedConnection observed() {
    return observed;
  }

  private void ended(String reason) {
    // Of those that never showed a certificate, the refused handshake is told.
    if (observed != null && authentication.isKnown()) {
      observed.disconnected(reason);
    }
    if (client != null) {
      client.departed(reason);
    }
  }

  /** Closes it before TLS, without a word. */
  void turnAway() {
    closing();
    Exit.atOnce(channel);
  }

  // Packets.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var caller = claimant;
    if (phase == Phase.GUEST && caller == null) {
      ctx.fireChannelRead(message);
      return;
    }
    try {
      if (phase == Phase.GUEST && caller != null && message instanceof ByteBuf bytes) {
        caller.take(bytes);
      } else if (phase != Phase.CLOSED && message instanceof ByteBuf bytes) {
        lastRead = loop.deadlines().tick();
        authentication.carried().bytes(bytes.readableBytes());
        frames.take(bytes, this);
      }
    } catch (MalformedPacket e) {
      violated(e);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public boolean isReceiving() {
    return phase == Phase.CONNECT || phase == Phase.OPEN;
  }

  @Override
  public void begin(int first) throws MalformedPacket {
    if (phase == Phase.CONNECT && first >>> 4 != PacketType.CONNECT) {
      throw new MalformedPacket(Reason.PROTOCOL_ERROR, "the first packet is not CONNECT");
    }
  }

  @Override
  public void receive(int first, ByteBuf bytes, int start, int length) throws MalformedPacket {
    var reader = loop.reader();
    reader.cursor().over(bytes, start, length);
    var open = client;
    if (open == null) {
      duties.connect(this, reader, first & 0x0F);
    } else {
      duties.packet(open, reader, first >>> 4, first & 0x0F);
    }
  }

  /** The exchange opens the session: nothing is handled until it is done. */
  void opening() {
    phase = Phase.OPENING;
    pause(Pause.OPENING);
  }

  /** Its client, known before the exchange answers. */
  void holds(Client admitted) {
    client = admitted;
  }

  /** The session is open. */
  void opened(int keepAliveTicks) {
    phase = Phase.OPEN;
    lastRead = loop.deadlines().tick();
    loop.deadlines().set(deadline, keepAliveTicks);
    gate.counters().sessions.incrementAndGet();
    resume(Pause.OPENING);
  }

  /** Handles packets that waited for the session, if the exchange opened it later. */
  void handleWaiting() {
    try {
      frames.resume(this);
    } catch (MalformedPacket e) {
      violated(e);
    }
  }

  void violated(MalformedPacket e) {
    gate.counters().violations.increment();
    if (phase != Phase.CONNECT || e.reason() == Reason.PACKET_TOO_LARGE) {
      // Any other CONNECT that cannot be read was counted as such.
      gate.meters().denied(Denial.of(e.reason()));
    }
    report(
        EventType.PROTOCOL_VIOLATION,
        e.reason().name(),
        Map.of("reason", String.valueOf(e.getMessage())));
    end(e.reason(), null);
  }

  // Pace.

  void pause(Pause why) {
    pace.pause(why, loop.deadlines().tick());
  }

  boolean isPaused(Pause why) {
    return pace.isPaused(why);
  }

  void resume(Pause why) {
    if (pace.resume(why)) {
      lastRead = loop.deadlines().tick();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (channel.isWritable()) {
      resume(Pause.OUTBOUND);
      if (client != null) {
        client.writable();
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // Acknowledgements are written whether or not the client reads them: whoever does not read is
    // not read from, beyond a reserve that lets a client write a burst before it reads.
    if (!channel.isWritable()
        && channel.bytesBeforeWritable() > 2L * gate.settings().outboundBytesMax()) {
      pause(Pause.OUTBOUND);
    }
  }

  /** In how many ticks to look again, 0 if the connection was given up. */
  int silentSince(int tick) {
    int allowed = client == null ? 0 : client.keepAliveTicks();
    if (phase == Phase.OPEN) {
      int left = pace.silentSince(lastRead) + allowed - tick;
      if (pace.isOurs() || left > 0) {
        return Math.max(left, 1);
      }
    }
    if (phase == Phase.CLOSED) {
      Exit.atOnce(channel);
      return 0;
    }
    gate.counters().timedOut.increment();
    if (phase == Phase.HANDSHAKE) {
      authentication.timedOut();
    } else {
      end(Reason.KEEP_ALIVE_TIMEOUT, null);
    }
    return 0;
  }

  // The end.

  /** Ends the connection and tells the client where its protocol can; the will is due. */
  void end(Reason reason, @Nullable String text) {
    if (phase == Phase.CLOSED) {
      return;
    }
    var open = client;
    boolean greeted = phase == Phase.OPEN;
    closing();
    ended(reason.name());
    if (open != null) {
      open.lost();
      open.farewell(greeted, reason, text);
    }
    if (greeted && Exit.mayStillBeSending(reason)) {
      loop.deadlines().set(deadline, Exit.LINGER_TICKS);
      Exit.lingering(channel, FirstDoor.again(this));
    } else {
      Exit.afterWhatWasWritten(channel);
    }
  }

  /** Ends the connection by an operator's action: nothing of its session acts on. */
  void cut(Reason reason) {
    if (phase != Phase.CLOSED) {
      gate.counters().cut.increment();
      if (client != null) {
        client.discardWill();
      }
      end(reason, null);
    } else {
      Exit.atOnce(channel);
    }
  }

  /** Whether somebody holds a session here, or is about to; from any thread. */
  boolean isSession() {
    return phase == Phase.OPEN || phase == Phase.OPENING;
  }

  /** Sends the client away. It is not lost, it moves: its will is not published. */
  void depart(Departure to) {
    if (isSession()) {
      // Who is not greeted yet gets a CONNACK, which has reasons of its own.
      depart(phase == Phase.OPEN ? to.farewell() : to.refusal());
    }
  }

  /** The same for whoever has shown a certificate, whether or not it is a client by now. */
  void depart(Reason reason) {
    var open = client;
    if (open != null) {
      open.discardWill();
    }
    end(reason, null);
  }

  /** The gate closes: whoever has a session is sent away, and nobody else has anything to hear. */
  void dismiss(Departure to) {
    depart(to);
    end(to.refusal(), null);
  }

  /** Decides again whether this connection may be, and what it may do. */
  void trustChanged() {
    if (phase == Phase.CLOSED || phase == Phase.HANDSHAKE) {
      return;
    }
    var reason = duties.admission().decideAgain(this);
    if (reason != Reason.SUCCESS) {
      gate.counters().cut.increment();
      end(reason, null);
    }
  }

  /** The client said DISCONNECT: its session knows already. */
  void left() {
    closing();
    ended("DISCONNECT");
    Exit.afterWhatWasWritten(channel);
  }

  /** Who is connected here, if somebody is; from any thread. */
  @Nullable Description described() {
    var open = client;
    return open == null || phase != Phase.OPEN
        ? null
        : new Description(
            open.clientId(),
            entrance.address(),
            open.since(),
            rules().name(),
            device().certificate());
  }

  private void closing() {
    if (phase == Phase.OPEN) {
      gate.counters().sessions.decrementAndGet();
    } else if (phase == Phase.HANDSHAKE || (phase == Phase.GUEST && !authentication.isKnown())) {
      authentication.over();
    }
    phase = Phase.CLOSED;
    loop.deadlines().cancel(deadline);
    frames.release();
    var caller = claimant;
    if (caller != null) {
      claimant = null;
      caller.gone();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    gone();
    loop.deadlines().cancel(deadline);
    gate.counters().connections.decrementAndGet();
    listener.connections.decrementAndGet();
    authentication.forget();
  }

  private void gone() {
    if (phase != Phase.CLOSED) {
      closing();
      ended("connection lost");
      if (client != null) {
        client.lost();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof RuntimeException && phase == Phase.OPEN) {
      LOG.atError().setMessage("connection failed").setCause(cause).log();
    }
    if (phase == Phase.HANDSHAKE) {
      channel.close();
    } else {
      end(Reason.UNSPECIFIED_ERROR, null);
    }
  }

  private void report(EventType type, String reason, Map<String, String> facts) {
    duties.report(type, authentication.subject(), reason, source(), facts);
  }
}
