package io.sallyport.exchange.upstream;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.sallyport.exchange.Message;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Subscription;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;

/**
 * The session of a device that only publishes, over a connection that it shares. It has nothing
 * that outlives it; a device that subscribes after all is told to come again and gets a connection
 * of its own then.
 */
final class SharedSession implements DeviceSession, Outbox.Way {
  private final Opening opening;
  private final Outlet outlet;
  private final SharedLine line;
  private final Facilities facilities;
  private final Sessions sessions;
  private final Outbox outbox;

  /** QoS of what is under way, by the device's packet id. */
  private final Map<Integer, Integer> underWay = new HashMap<>(4);

  /** QoS 2 publications that the broker has, and that the device has not released. */
  private final Set<Integer> unreleased = new HashSet<>(0);

  private boolean isClosed;

  SharedSession(
      Opening opening, Outlet outlet, SharedLine line, Facilities facilities, Sessions sessions) {
    this.opening = opening;
    this.outlet = outlet;
    this.line = line;
    this.facilities = facilities;
    this.sessions = sessions;
    this.outbox = new Outbox(this, outlet, facilities, opening.principal());
  }

  @Override
  public Opening opening() {
    return opening;
  }

  @Override
  public boolean isClosed() {
    return isClosed;
  }

  @Override
  public int filterCount() {
    return 0;
  }

  @Override
  public void onLoop(Runnable task) {
    if (line.loop().inEventLoop()) {
      task.run();
      return;
    }
    try {
      line.loop().execute(task);
    } catch (RejectedExecutionException _) {
      // The loop has ended, and with it the session: nobody is left to tell.
    }
  }

  // ---- opening and the end

  @Override
  public void begin() {
    if (facilities.footprints().isEnding(opening.principal())) {
      refused(Reason.SERVER_UNAVAILABLE);
    } else {
      line.join(this);
    }
  }

  /** The line stands. */
  void accepted(Greeting said) {
    if (isClosed) {
      return;
    }
    if (facilities.settings().isV5()) {
      outlet.receiveMaximum(said.receiveMaximum());
    }
    outlet.connected(false);
    outbox.open(this, said);
    outlet.flush();
  }

  @Override
  public void refused(Reason reason) {
    fail(reason);
  }

  @Override
  public void fail(Reason reason) {
    if (close()) {
      outlet.close(reason);
    }
  }

  @Override
  public void takenOver() {
    fail(Reason.SESSION_TAKEN_OVER);
  }

  private boolean close() {
    if (isClosed) {
      return false;
    }
    isClosed = true;
    outbox.discard();
    sessions.remove(this);
    line.leave(this);
    return true;
  }

  @Override
  public void disconnect(boolean withWill, long sessionExpirySeconds) {
    close();
  }

  @Override
  public void lost() {
    close();
  }

  @Override
  public Future<Remains> cut(Reason reason) {
    Promise<Remains> promise = line.loop().newPromise();
    onLoop(
        () -> {
          fail(reason);
          line.fence(() -> promise.trySuccess(new Remains(0, 0, 0)));
        });
    return promise;
  }

  @Override
  public void look(long now) {
    long stuck = outbox.stuckSince();
    if (stuck != 0 && now - stuck > sessions.stuckNanosMax()) {
      onLoop(() -> fail(Reason.RECEIVE_MAXIMUM_EXCEEDED));
    }
  }

  // ---- publications

  @Override
  public void publish(Message message, int packetId, boolean dup) {
    if (isClosed) {
      return;
    }
    if (unreleased.contains(packetId)) {
      outlet.pubrec(packetId, Reason.SUCCESS);
    } else if (packetId == 0 || !outbox.isUnderWay(packetId)) {
      // What is under way is answered once; TCP has not lost it.
      outbox.publish(message, packetId, dup);
    }
  }

  @Override
  public void carry(Message message, int packetId, boolean dup) {
    if (packetId > 0) {
      underWay.put(packetId, message.qos());
    }
    line.publish(this, message, packetId);
  }

  @Override
  public boolean hasPlace() {
    return line.hasPlace(this);
  }

  @Override
  public boolean isWritable() {
    return line.isWritable();
  }

  void writabilityChanged() {
    outbox.writabilityChanged();
  }

  void drain() {
    outbox.drain();
  }

  /** The broker has done with a publication. */
  void answered(int packetId, Reason reason) {
    Integer qos = underWay.remove(packetId);
    if (isClosed || qos == null) {
      return;
    }
    if (qos == 1) {
      outlet.puback(packetId, reason);
    } else {
      if (!reason.isFailure()) {
        unreleased.add(packetId);
      }
      outlet.pubrec(packetId, reason);
    }
    outbox.finished(packetId, reason);
    outlet.flush();
  }

  @Override
  public void pubrel(int packetId) {
    boolean known = unreleased.remove(packetId);
    outlet.pubcomp(packetId, known ? Reason.SUCCESS : Reason.PACKET_IDENTIFIER_NOT_FOUND);
    outlet.flush();
  }

  // ---- what only others do

  @Override
  public void subscribe(int packetId, List<Subscription> subscriptions) {
    sessions.subscribes(opening.clientId());
    fail(Reason.IMPLEMENTATION_SPECIFIC_ERROR);
  }

  @Override
  public void unsubscribe(int packetId, List<String> filters) {
    int[] codes = new int[filters.size()];
    Arrays.fill(codes, Reason.NO_SUBSCRIPTION_EXISTED.code());
    outlet.unsuback(packetId, codes);
    outlet.flush();
  }

  @Override
  public void puback(int packetId) {}

  @Override
  public void pubrec(int packetId, boolean failure) {}

  @Override
  public void pubcomp(int packetId) {}

  @Override
  public void writable() {}

  @Override
  public List<String> revalidate(Predicate<String> stillAllowed) {
    return List.of();
  }
}
