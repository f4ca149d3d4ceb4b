package io.sallyport.exchange.upstream;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.sallyport.exchange.Message;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Subscription;
import io.sallyport.exchange.Will;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One device's session at the broker: opened with the device's connection, on its event loop, and
 * closed with it. Acknowledgements are the broker's own, so nothing is promised that it did not.
 */
final class UpstreamSession implements DeviceSession, Dial.Caller, Link.Receiver {
  private static final long KEEP_EXPIRY = -1;

  private final Opening opening;
  private final Outlet outlet;
  private final EventLoop loop;
  private final Facilities facilities;
  private final Sessions sessions;
  private final boolean isStored;
  private final boolean isClean;
  private final Outbox outbox;
  private final Inbox inbox;
  private final Requests requests;
  private @Nullable Dial dial;
  private volatile @Nullable Link link;
  private volatile long keepAliveNanos;
  private @Nullable Greeting greeting;
  private boolean isClosed;

  /** Whether nobody had taken its client id over when it was closed. */
  private boolean isLast;

  UpstreamSession(
      Opening opening, Outlet outlet, EventLoop loop, Facilities facilities, Sessions sessions) {
    this.opening = opening;
    this.outlet = outlet;
    this.loop = loop;
    this.facilities = facilities;
    this.sessions = sessions;
    this.isStored = opening.sessionExpirySeconds() > 0;
    // Who had this client id before leaves nothing to who has it now.
    this.isClean =
        opening.cleanStart()
            || facilities.footprints().isAnothers(opening.clientId(), opening.principal());
    this.outbox = new Outbox(this, outlet, facilities, opening.principal());
    this.inbox = new Inbox(this, outlet, facilities);
    this.requests = new Requests(this, outlet, facilities, opening.clientId(), isStored);
  }

  @Override
  public Opening opening() {
    return opening;
  }

  @Override
  public boolean isClosed() {
    return isClosed;
  }

  Outbox outbox() {
    return outbox;
  }

  Requests requests() {
    return requests;
  }

  @Override
  public int filterCount() {
    return requests.filterCount();
  }

  /** Runs it on the loop, now if this is the loop. */
  @Override
  public void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
      return;
    }
    try {
      loop.execute(task);
    } catch (RejectedExecutionException _) {
      // The loop has ended, and with it the session: nobody is left to tell.
    }
  }

  // ---- opening

  /** First what the session leaves behind is noted, then the broker is asked. */
  @Override
  public void begin() {
    if (facilities.footprints().isEnding(opening.principal())) {
      refused(Reason.SERVER_UNAVAILABLE);
      return;
    }
    if (!isClean) {
      requests.resume(facilities.footprints().filters(opening.clientId()));
    }
    if (!isStored) {
      noteWill();
      return;
    }
    facilities
        .footprints()
        .keep(
            opening.clientId(),
            opening.principal(),
            opening.sessionExpirySeconds(),
            why -> onLoop(() -> proceed(why, this::noteWill)));
  }

  private void proceed(@Nullable Reason refusal, Runnable next) {
    if (isClosed) {
      return;
    }
    if (refusal == null) {
      next.run();
    } else {
      refused(refusal);
    }
  }

  /** A will may leave a retained message. */
  private void noteWill() {
    Will will = opening.will();
    if (will == null || !will.message().isRetain() || will.message().payload().length == 0) {
      dial();
      return;
    }
    facilities
        .footprints()
        .retain(
            will.message().topicText(),
            opening.principal(),
            why -> onLoop(() -> proceed(why, this::dial)));
  }

  private void dial() {
    boolean twoSteps = !facilities.settings().isV5() && isClean && isStored;
    if (twoSteps) {
      // MQTT 3.1.1 has one flag for what was and what will be: first an end, then a beginning.
      new Wipe(facilities, loop, opening.principal(), opening.clientId(), List.of())
          .run()
          .addListener(
              done ->
                  proceed(done.isSuccess() ? null : Reason.SERVER_UNAVAILABLE, () -> dial(false)));
    } else {
      dial(isClean);
    }
  }

  private void dial(boolean cleanStart) {
    var source = facilities.settings().announcesSource() ? outlet.source() : null;
    var connect = facilities.packets().connect(opening, cleanStart);
    var dialling = new Dial(facilities, loop, source, connect, this);
    dial = dialling;
    dialling.start();
  }

  @Override
  public void accepted(Link opened, Greeting said) {
    link = opened;
    greeting = said;
    keepAliveNanos = said.keepAliveSeconds() * 1_000_000_000L;
    opened.receiver(this);
    boolean isPresent = said.sessionPresent() && !isClean;
    if (!isPresent) {
      requests.reset();
    }
    if (facilities.settings().isV5()) {
      outlet.receiveMaximum(said.receiveMaximum());
    }
    outlet.connected(isPresent);
    outbox.open(new OwnWay(opened, facilities.packets()), said);
    outlet.flush();
    if (!outlet.isWritable()) {
      listen(false);
    }
  }

  /** The broker refuses the session, or ends it. */
  @Override
  public void refused(Reason reason) {
    if (close()) {
      hangUp();
      outlet.close(reason);
    }
  }

  /** A connection that carries nobody else's. */
  private record OwnWay(Link link, Packets packets) implements Outbox.Way {
    @Override
    public boolean hasPlace() {
      return true;
    }

    @Override
    public void carry(Message message, int packetId, boolean dup) {
      packets.publish(link, message, packetId, dup);
    }

    @Override
    public boolean isWritable() {
      return link.isWritable();
    }
  }

  // ---- the link

  @Override
  public void received(MqttMessage packet) {
    if (!isClosed) {
      inbox.received(packet);
    }
  }

  @Override
  public void gone(Reason reason, String why) {
    if (close()) {
      facilities.counters().losses.increment();
      outlet.close(reason);
    }
  }

  @Override
  public void writabilityChanged() {
    outbox.writabilityChanged();
  }

  @Override
  public int unanswered() {
    return outbox.unfinished();
  }

  void send(MqttMessage packet) {
    Link to = link;
    if (to != null && !isClosed) {
      to.send(packet);
    }
  }

  void acknowledge(MqttMessageType type, int packetId, Reason reason) {
    Link to = link;
    if (to != null && !isClosed) {
      facilities.packets().acknowledge(to, type, packetId, reason);
    }
  }

  /** What the device does not take stays with the broker. */
  void listen(boolean wanted) {
    Link from = link;
    if (from != null && !isClosed) {
      from.listen(wanted);
    }
  }

  /** Asks whether the broker is still there, or gives it up; from the timer's thread. */
  @Override
  public void look(long now) {
    Link known = link;
    if (known == null) {
      return;
    }
    long keepAlive = keepAliveNanos;
    long stuck = outbox.stuckSince();
    long unheard = now - known.lastRead();
    if (stuck != 0 && now - stuck > sessions.stuckNanosMax()) {
      onLoop(() -> fail(Reason.RECEIVE_MAXIMUM_EXCEEDED));
    } else if (keepAlive > 0 && known.isListening() && unheard > keepAlive) {
      onLoop(() -> known.end(Reason.SERVER_UNAVAILABLE));
      onLoop(known::abandon);
    } else if (keepAlive > 0 && Math.max(unheard, now - known.lastWrite()) > keepAlive / 2) {
      onLoop(() -> send(MqttMessage.PINGREQ));
    }
  }

  // ---- the end

  /** Whether it was open until now. */
  private boolean close() {
    if (isClosed) {
      return false;
    }
    isClosed = true;
    Dial dialling = dial;
    if (dialling != null) {
      dialling.cancel();
    }
    outbox.discard();
    // Whoever has taken the client id over goes on with what is noted for it.
    if (sessions.remove(this)) {
      isLast = true;
      if (isStored) {
        facilities.footprints().away(opening.clientId());
      } else if (link != null) {
        facilities.footprints().forget(opening.clientId());
      }
    }
    return true;
  }

  /** Leaves the broker as if the line had been cut: then the will is due. */
  private void hangUp() {
    Link open = link;
    if (open != null) {
      open.cut();
    }
  }

  /** Leaves the broker, saying so. */
  private void part(MqttMessage disconnect) {
    Link open = link;
    if (open != null) {
      var _ = open.part(disconnect);
    }
  }

  /** Something went wrong that only a new beginning mends. */
  @Override
  public void fail(Reason reason) {
    if (close()) {
      leave(true, KEEP_EXPIRY);
      outlet.close(reason);
    }
  }

  @Override
  public void disconnect(boolean withWill, long sessionExpirySeconds) {
    if (close()) {
      leave(withWill, isStored ? sessionExpirySeconds : KEEP_EXPIRY);
    }
  }

  @Override
  public void lost() {
    if (close()) {
      leave(true, KEEP_EXPIRY);
    }
  }

  /** Another connection takes the client id. */
  @Override
  public void takenOver() {
    if (close()) {
      leave(true, KEEP_EXPIRY);
      outlet.close(Reason.SESSION_TAKEN_OVER);
    }
  }

  private void leave(boolean withWill, long expirySeconds) {
    boolean v5 = facilities.settings().isV5();
    boolean willIsDue = withWill && mayPublishWill();
    if (willIsDue && (!v5 || expirySeconds < 0)) {
      hangUp();
    } else {
      part(facilities.packets().disconnect(willIsDue, expirySeconds));
    }
    if (expirySeconds == 0 && isLast) {
      facilities.footprints().forget(opening.clientId());
    }
    if (!v5 && !opening.cleanStart() && (!isStored || expirySeconds == 0)) {
      // MQTT 3.1.1 cannot say that a session that was kept is to end now.
      sessions.wipeLater(opening.clientId(), opening.principal());
    }
  }

  /** Asked for the last time now: once it has the will, the broker asks nobody. */
  private boolean mayPublishWill() {
    Will will = opening.will();
    return will != null
        && link != null
        && facilities
            .authority()
            .mayPublishWill(opening.principal(), opening.clientId(), will.message());
  }

  /**
   * Ends the session for good, without its will: the broker hears it on the session's own
   * connection.
   *
   * @return done when that connection is closed
   */
  @Override
  public Future<Remains> cut(Reason reason) {
    Promise<Remains> promise = loop.newPromise();
    onLoop(() -> cut(reason, promise));
    return promise;
  }

  private void cut(Reason reason, Promise<Remains> promise) {
    Link open = link;
    var remains =
        new Remains(requests.filterCount(), inbox.unacknowledged(), opening.will() == null ? 0 : 1);
    if (!close() || open == null) {
      promise.trySuccess(remains);
    } else {
      open.part(facilities.packets().disconnect(false, 0))
          .addListener(_ -> promise.trySuccess(remains));
    }
    outlet.close(reason);
  }

  // ---- what the device says

  @Override
  public void publish(Message message, int packetId, boolean dup) {
    if (!isClosed) {
      outbox.publish(message, packetId, dup);
    }
  }

  @Override
  public void pubrel(int packetId) {
    acknowledge(MqttMessageType.PUBREL, packetId, Reason.SUCCESS);
  }

  @Override
  public void puback(int packetId) {
    inbox.acknowledged();
    acknowledge(MqttMessageType.PUBACK, packetId, Reason.SUCCESS);
  }

  @Override
  public void pubrec(int packetId, boolean failure) {
    if (failure) {
      inbox.acknowledged();
    }
    acknowledge(
        MqttMessageType.PUBREC, packetId, failure ? Reason.UNSPECIFIED_ERROR : Reason.SUCCESS);
  }

  @Override
  public void pubcomp(int packetId) {
    inbox.acknowledged();
    acknowledge(MqttMessageType.PUBCOMP, packetId, Reason.SUCCESS);
  }

  @Override
  public void subscribe(int packetId, List<Subscription> subscriptions) {
    Greeting said = greeting;
    if (said != null && !isClosed) {
      requests.subscribe(packetId, subscriptions, said);
    }
  }

  @Override
  public void unsubscribe(int packetId, List<String> filters) {
    if (!isClosed) {
      requests.unsubscribe(packetId, filters);
    }
  }

  @Override
  public void writable() {
    listen(true);
  }

  @Override
  public List<String> revalidate(Predicate<String> stillAllowed) {
    return requests.revalidate(stillAllowed);
  }
}
