package io.sallyport.exchange.upstream;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.sallyport.exchange.Message;
import io.sallyport.exchange.Reason;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the broker that carries the publications of many devices, in the order of each.
 * Packet ids are its own. QoS 2 ends at the gateway: each publication is handed to the broker
 * exactly once before the device hears of it. Lives on one event loop, which is its devices' too.
 */
final class SharedLine implements Dial.Caller, Link.Receiver {
  private static final int PACKET_IDS = 65_535;

  private final Facilities facilities;
  private final EventLoop loop;
  private final String clientId;

  /** What the broker has not done with, by the line's packet id. */
  private final Map<Integer, Flight> flights = new HashMap<>();

  /** Those that wait for a place among the flights; whoever waits longest is first. */
  private final Set<SharedSession> waiting = new LinkedHashSet<>();

  private final Set<SharedSession> guests = new LinkedHashSet<>();
  private final Queue<SharedSession> opening = new ArrayDeque<>();

  /** What is to be done when the broker has read everything that was sent before. */
  private final Queue<Runnable> fences = new ArrayDeque<>();

  private int lastId;
  private @Nullable SharedSession served;
  private @Nullable Dial dial;
  private volatile @Nullable Link link;
  private @Nullable Greeting greeting;
  private volatile long keepAliveNanos;

  /** One publication on its way. */
  private record Flight(SharedSession owner, int packetId) {}

  SharedLine(Facilities facilities, EventLoop loop, String clientId) {
    this.facilities = facilities;
    this.loop = loop;
    this.clientId = clientId;
  }

  EventLoop loop() {
    return loop;
  }

  // ---- devices

  /** A device comes; it hears when the line stands. */
  void join(SharedSession session) {
    guests.add(session);
    Greeting said = greeting;
    if (said != null) {
      session.accepted(said);
      return;
    }
    opening.add(session);
    if (dial == null) {
      var connect = facilities.packets().connectToShare(clientId);
      var dialling = new Dial(facilities, loop, null, connect, this);
      dial = dialling;
      dialling.start();
    }
  }

  /** A device goes; what it has sent goes on. */
  void leave(SharedSession session) {
    guests.remove(session);
    opening.remove(session);
    waiting.remove(session);
  }

  @Override
  public void accepted(Link opened, Greeting said) {
    dial = null;
    opened.receiver(this);
    greeting = said;
    keepAliveNanos = said.keepAliveSeconds() * 1_000_000_000L;
    link = opened;
    for (var next = opening.poll(); next != null; next = opening.poll()) {
      next.accepted(said);
    }
  }

  @Override
  public void refused(Reason reason) {
    dial = null;
    for (var next = opening.poll(); next != null; next = opening.poll()) {
      next.refused(reason);
    }
  }

  // ---- publications

  /** Whether that device may have one more on its way; if not, it is called when it may. */
  boolean hasPlace(SharedSession session) {
    boolean isTurn = waiting.isEmpty() || served == session;
    if (isTurn && isFree()) {
      return true;
    }
    waiting.add(session);
    return false;
  }

  private boolean isFree() {
    Greeting said = greeting;
    return said != null && flights.size() < said.receiveMaximum() && flights.size() < PACKET_IDS;
  }

  void publish(SharedSession owner, Message message, int packetId) {
    Link to = link;
    if (to == null) {
      return;
    }
    int id = packetId == 0 ? 0 : freeId();
    if (id != 0) {
      flights.put(id, new Flight(owner, packetId));
    }
    facilities.packets().publish(to, message, id, false);
  }

  private int freeId() {
    do {
      lastId = lastId % PACKET_IDS + 1;
    } while (flights.containsKey(lastId));
    return lastId;
  }

  boolean isWritable() {
    Link to = link;
    return to == null || to.isWritable();
  }

  @Override
  public void writabilityChanged() {
    List.copyOf(guests).forEach(SharedSession::writabilityChanged);
  }

  /** Gives places that became free to those who wait, one after the other. */
  private void serve() {
    // Bound: each of those who wait now is asked once; who still waits is last then.
    for (int turns = waiting.size(); turns > 0 && isFree(); turns--) {
      var next = waiting.iterator().next();
      waiting.remove(next);
      served = next;
      next.drain();
      served = null;
    }
  }

  // ---- what the broker says

  @Override
  public void received(MqttMessage packet) {
    switch (packet.fixedHeader().messageType()) {
      case PUBACK -> finish(packet);
      case PUBREC -> {
        if (Answers.reason(packet).isFailure()) {
          finish(packet);
        } else {
          release(id(packet));
        }
      }
      case PUBCOMP -> finish(packet);
      case PINGRESP -> {
        var fence = fences.poll();
        if (fence != null) {
          fence.run();
        }
      }
      default -> end(packet);
    }
  }

  private void end(MqttMessage packet) {
    Link open = link;
    boolean isSaid = packet.fixedHeader().messageType() == MqttMessageType.DISCONNECT;
    gone(isSaid ? Answers.disconnect(packet) : Reason.SERVER_UNAVAILABLE, "the broker ends it");
    if (open != null) {
      open.cut();
    }
  }

  private static int id(MqttMessage packet) {
    return ((MqttMessageIdVariableHeader) packet.variableHeader()).messageId();
  }

  private void finish(MqttMessage packet) {
    var flight = flights.remove(id(packet));
    if (flight != null) {
      flight.owner().answered(flight.packetId(), Answers.reason(packet));
      serve();
    }
  }

  private void release(int id) {
    Link to = link;
    if (to != null) {
      facilities.packets().acknowledge(to, MqttMessageType.PUBREL, id, Reason.SUCCESS);
    }
  }

  @Override
  public int unanswered() {
    return flights.size();
  }

  @Override
  public void gone(Reason reason, String why) {
    facilities.counters().losses.increment();
    link = null;
    greeting = null;
    flights.clear();
    waiting.clear();
    List.copyOf(guests).forEach(guest -> guest.refused(reason));
    fences.forEach(Runnable::run);
    fences.clear();
  }

  // ---- the line itself

  /** Runs it when the broker has read all that was sent, or will read no more. */
  void fence(Runnable done) {
    Link to = link;
    if (to == null) {
      done.run();
    } else {
      fences.add(done);
      to.send(MqttMessage.PINGREQ);
    }
  }

  /** Asks whether the broker is still there, or gives it up; from the timer's thread. */
  void look(long now) {
    Link known = link;
    long keepAlive = keepAliveNanos;
    if (known == null || keepAlive <= 0) {
      return;
    }
    long unheard = now - known.lastRead();
    if (unheard > keepAlive) {
      onLoop(() -> known.end(Reason.SERVER_UNAVAILABLE));
      onLoop(known::abandon);
    } else if (Math.max(unheard, now - known.lastWrite()) > keepAlive / 2) {
      onLoop(() -> fence(() -> {}));
    }
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException _) {
      // The loop has ended, and with it the line.
    }
  }

  /** Says goodbye, after what was sent. */
  void close() {
    onLoop(
        () -> {
          Link open = link;
          link = null;
          greeting = null;
          if (open != null) {
            var _ = open.part(facilities.packets().disconnect(false, -1));
          }
        });
  }
}
