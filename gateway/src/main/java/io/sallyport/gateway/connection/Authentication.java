package io.sallyport.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.sallyport.exchange.Reason;
import io.sallyport.gateway.defence.DeviceRates.Allowance;
import io.sallyport.gateway.meter.Denial;
import io.sallyport.gateway.meter.Latency;
import io.sallyport.gateway.observation.ObservedConnection;
import io.sallyport.gateway.tls.VerifiedDevice;
import io.sallyport.identity.PrincipalKind;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The first stage of a connection: from accept until it is known who it is, or until it is turned
 * away; and what it holds in the name of that device until it is gone.
 */
// What becomes of a close shows in the channel itself: it is gone, or soon will be.
@SuppressWarnings("FutureReturnValueIgnored")
final class Authentication {
  // RFC 8446, 5.1 and 4: what stands before a ClientHello, of the record and of the message.
  private static final int HEADERS_BYTES = 5 + 4;

  /** How long a client that stands in another's way may take for the next part. */
  static final int PATIENCE_TICKS = DeadlineWheel.ticks(Duration.ofSeconds(1));

  private final Connection connection;
  private final GateContext gate;
  private final Entrance entrance;
  private final @Nullable ObservedConnection observed;
  private boolean begun;
  private boolean validation;
  private int awaitedSince;
  private @Nullable VerifiedDevice device;
  private List<X509Certificate> introduction = List.of();
  private @Nullable VerifiedDevice expired;
  private @Nullable Allowance allowance;
  private final Carried carried = new Carried();
  private boolean resumed;
  private boolean gone;

  Authentication(
      Connection connection,
      GateContext gate,
      Entrance entrance,
      @Nullable ObservedConnection observed) {
    this.connection = connection;
    this.gate = gate;
    this.entrance = entrance;
    this.observed = observed;
    this.awaitedSince = now();
    connection.loop().newcomers().add(this);
  }

  private int now() {
    return connection.loop().deadlines().tick();
  }

  /** Who it is; only after the handshake. */
  VerifiedDevice device() {
    var known = device;
    if (known == null) {
      throw new IllegalStateException("nobody is known before the handshake");
    }
    return known;
  }

  boolean isKnown() {
    return device != null;
  }

  /** Whom a report is about: the device, or where it comes from while that is all that is known. */
  String subject() {
    var known = device;
    return known == null ? entrance.host() : known.id().value();
  }

  /** What its connection carries. */
  Carried carried() {
    return carried;
  }

  /** Tells what was carried since it was last told; on the connection's loop. */
  void tellCarried() {
    var known = device;
    if (known != null) {
      carried.tell(gate.recording().uses(), known.certificate());
    }
  }

  /** How fast its device may publish; null if as fast as it can. */
  @Nullable Allowance allowance() {
    return allowance;
  }

  /**
   * Whether its first bytes show a ticket of ours; if they say so only, the handshake will tell.
   */
  boolean showsTicket(ByteBuf first) {
    int hello = first.readableBytes() - HEADERS_BYTES;
    return hello > 0
        && gate.tls().showsTicket(first.slice(first.readerIndex() + HEADERS_BYTES, hello));
  }

  /** Whether the handshake may begin; a ClientHello that cannot be read shows no ticket. */
  boolean begins(@Nullable ByteBuf hello) {
    begun = entrance.begins(hello);
    awaitedSince = now();
    return begun;
  }

  /** The tick since which the client owes the next part of its handshake, however it dribbles. */
  int awaitedSince() {
    return awaitedSince;
  }

  /** How many unfinished handshakes its source has. */
  int held() {
    return entrance.held();
  }

  /**
   * Whether it makes room for one more of a source that holds so many: if its own holds more, and
   * nothing was done for it yet; or as many, if the client had its time. Who waits for us does not.
   */
  boolean yieldsTo(int others, int tick) {
    if (connection.isPaused(Pause.HANDSHAKE)) {
      return false;
    }
    return (!begun && held() > others)
        || (tick - awaitedSince >= PATIENCE_TICKS && held() >= others);
  }

  /** Makes room for somebody else. */
  void makeRoom() {
    gate.counters().displaced.increment();
    gate.meters().denied(Denial.HANDSHAKE_DISPLACED);
    entrance.report("displaced", "too many connections: made room for another source");
    connection.turnAway();
  }

  /** An ACME server looks whether a name leads here, and leaves. */
  void validates() {
    validation = true;
  }

  /** The handshake is over. */
  void finished(ChannelPipeline pipeline, SslHandshakeCompletionEvent done) {
    if (validation) {
      // It saw the certificate, or did not want to: nobody came in, and nobody was refused.
      over();
      connection.refused();
      connection.channel().close();
    } else if (done.isSuccess()) {
      succeeded(pipeline);
    } else {
      over();
      connection.refused();
      Handshakes.refused(gate, entrance, done.cause());
      observeRefusal(pipeline.get(FirstDoor.class), done.cause());
    }
  }

  private void succeeded(ChannelPipeline pipeline) {
    var tls = pipeline.get(SslHandler.class).engine();
    resumed = gate.deviceTrust().wasResumed(tls);
    if (isNobodyYet(tls.getSession())) {
      anonymous(pipeline.remove(FirstDoor.class));
      return;
    }
    over();
    var door = pipeline.remove(FirstDoor.class);
    var admitted = Handshakes.admit(gate, entrance, tls.getSession());
    if (admitted == null) {
      connection.refused();
      connection.channel().close();
      return;
    }
    device = admitted;
    measure(door, admitted);
    allowance = admitted.kind() == PrincipalKind.DEVICE ? gate.rates().of(admitted.id()) : null;
    int ofPrincipal = gate.connections().add(admitted.id(), connection);
    connection.authenticated();
    // A cut that came between the handshake and this line found nothing to cut: ask again.
    if (!Handshakes.isStillAdmitted(gate, admitted)) {
      connection.end(Reason.ADMINISTRATIVE_ACTION, null);
    } else if (ofPrincipal > gate.settings().connectionsPerPrincipalMax()) {
      gate.counters().refusedFull.increment();
      gate.meters().denied(Denial.CONNECT_CONNECTIONS);
      connection.end(Reason.QUOTA_EXCEEDED, null);
    }
  }

  /** Who shows no certificate where it need not, or one that only introduces it or is renewed. */
  private boolean isNobodyYet(SSLSession session) {
    if (!connection.isGuest() && gate.topics() == null) {
      return false;
    }
    var trust = connection.isGuest() ? gate.guestTrust() : gate.callerTrust();
    var shown = Handshakes.shown(session);
    if (!shown.isEmpty() && trust.introduces(shown.getFirst())) {
      introduction = shown;
    } else if (!shown.isEmpty()) {
      expired = trust.expired(shown.getFirst());
    }
    return (connection.isGuest() && shown.isEmpty()) || !introduction.isEmpty() || expired != null;
  }

  /** Whom a certificate names that may only be renewed; it lets nobody in. */
  @Nullable VerifiedDevice expired() {
    return expired;
  }

  /** The certificates by which it introduces itself; they let nobody in. */
  List<X509Certificate> introduction() {
    return introduction;
  }

  /** Somebody who is nobody yet: still one of those whom nobody knows. */
  private void anonymous(FirstDoor door) {
    gate.counters().handshakes.increment();
    connection
        .loop()
        .meters()
        .ended(resumed ? Latency.HANDSHAKE_RESUMED : Latency.HANDSHAKE_FULL, door.begunNanos());
    connection.authenticated();
  }

  private void measure(FirstDoor door, VerifiedDevice admitted) {
    var meters = connection.loop().meters();
    long begun = door.begunNanos();
    meters.ended(resumed ? Latency.HANDSHAKE_RESUMED : Latency.HANDSHAKE_FULL, begun);
    if (observed != null) {
      observed.handshake(admitted.id().value(), resumed, null, meters.now() - begun);
    }
  }

  private void observeRefusal(@Nullable FirstDoor door, Throwable cause) {
    if (observed != null) {
      long nanos = door == null ? 0 : connection.loop().meters().now() - door.begunNanos();
      observed.handshake(null, false, Handshakes.word(cause), nanos);
    }
  }

  /** The client does not speak TLS. */
  void refusePlain() {
    gate.counters().refusedPlain.increment();
    gate.meters().denied(Denial.HANDSHAKE_NOT_TLS);
    entrance.report("not TLS", "not TLS");
    entrance.failed("not TLS");
    connection.turnAway();
  }

  /** A load balancer does not say whom it is for, or not as it should. */
  void refuseProxy(String why) {
    if (connection.phase() == Phase.HANDSHAKE) {
      gate.counters().refusedProxy.increment();
      gate.meters().denied(Denial.HANDSHAKE_PROXY);
      entrance.report(why, why);
      connection.turnAway();
    }
  }

  /** The handshake was not finished in time. */
  void timedOut() {
    gate.meters().denied(Denial.HANDSHAKE_TIMEOUT);
    entrance.report("timeout", "timeout");
    entrance.failed("handshake not finished in time");
    connection.turnAway();
  }

  /** It is no longer one of the unfinished handshakes. */
  void over() {
    connection.loop().newcomers().remove(this);
    gate.counters().handshaking.decrementAndGet();
    entrance.leave(resumed);
  }

  /** Devices may publish at another rate from now on. */
  void ratesChanged() {
    var known = device;
    if (known != null && !gone && known.kind() == PrincipalKind.DEVICE) {
      var before = allowance;
      allowance = gate.rates().of(known.id());
      if (before != null) {
        gate.rates().release(known.id());
      }
    }
  }

  /** The connection is gone: nothing is held in its device's name. */
  void forget() {
    gone = true;
    tellCarried();
    var known = device;
    if (known != null) {
      gate.connections().remove(known.id(), connection);
      if (allowance != null) {
        gate.rates().release(known.id());
        allowance = null;
      }
    }
  }
}
