package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Session;
import io.sallyport.exchange.Subscription;
import io.sallyport.exchange.Will;
import io.sallyport.identity.PrincipalId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client without a socket: notes every packet as one line, and acknowledges like a real one
 * unless told not to.
 */
final class Client {
  final World world;
  final PrincipalId principal;
  final String id;

  /** Everything since the last {@link #read}, such as {@code "PUBLISH a/b hello q1"}. */
  private final List<String> packets = new ArrayList<>();

  boolean acknowledging = true;
  boolean writable = true;

  /** How many deliveries the line takes until it is flushed. */
  int room = Integer.MAX_VALUE;

  int receiveMaximum = 65_535;
  @Nullable Will will;
  Predicate<String> mayReceive = _ -> true;
  @Nullable Session session;
  boolean open;

  private int lastPacketId;
  int flushes;

  /** How often a turn was put off for a moment. */
  int waits;

  private int taken;

  Client(World world, PrincipalId principal, String id) {
    this.world = world;
    this.principal = principal;
    this.id = id;
  }

  Client connect(boolean cleanStart, long expirySeconds) {
    session =
        world.exchange.open(
            new Opening(principal, id, cleanStart, expirySeconds, receiveMaximum, will),
            new Line());
    world.settle();
    return this;
  }

  Session session() {
    if (session == null) {
      throw new IllegalStateException("never connected");
    }
    return session;
  }

  /** The packets received since the last call. */
  List<String> read() {
    world.settle();
    List<String> all = List.copyOf(packets);
    packets.clear();
    return all;
  }

  boolean has(String packet) {
    return packets.contains(packet);
  }

  /** Only what was published to it, since the last call. */
  List<String> messages() {
    return read().stream().filter(packet -> packet.startsWith("PUBLISH ")).toList();
  }

  /** The payloads published to it, since the last call. */
  List<String> payloads() {
    return messages().stream().map(packet -> packet.split(" ", -1)[2]).toList();
  }

  Client subscribe(String filter, int qos) {
    return subscribe(new Subscription(filter, qos, false, false, 0, 0));
  }

  Client subscribe(Subscription... subscriptions) {
    session().subscribe(++lastPacketId, List.of(subscriptions));
    world.settle();
    return this;
  }

  Client unsubscribe(String... filters) {
    session().unsubscribe(++lastPacketId, List.of(filters));
    world.settle();
    return this;
  }

  /** Publishes and lets everything happen that follows. */
  Client publish(String topic, String payload, int qos) {
    send(topic, payload, qos, false);
    world.settle();
    return this;
  }

  Client retain(String topic, String payload, int qos) {
    send(topic, payload, qos, true);
    world.settle();
    return this;
  }

  /** Publishes; nothing runs yet. Answers the packet id. */
  int send(String topic, String payload, int qos, boolean retain) {
    return send(World.message(id, topic, payload, qos, retain));
  }

  int send(Message message) {
    int packetId = message.qos() == 0 ? 0 : ++lastPacketId;
    session().publish(message, packetId, false);
    return packetId;
  }

  void disconnect() {
    session().disconnect(false, -1);
    open = false;
    world.settle();
  }

  void drop() {
    session().lost();
    open = false;
    world.settle();
  }

  private final class Line implements Outlet {
    @Override
    public Executor executor() {
      return world::execute;
    }

    @Override
    public boolean isWritable() {
      return writable && taken < room;
    }

    @Override
    public void soon(Runnable task) {
      waits++;
      world.execute(task);
    }

    @Override
    public void connected(boolean sessionPresent) {
      open = true;
      packets.add("CONNACK" + (sessionPresent ? " present" : ""));
    }

    @Override
    public Delivered deliver(
        Message message,
        int packetId,
        int qos,
        boolean retain,
        boolean dup,
        int @Nullable [] identifiers) {
      String topic = message.topicText();
      if (!mayReceive.test(topic)) {
        return Delivered.DENIED;
      }
      taken++;
      packets.add(
          "PUBLISH "
              + topic
              + " "
              + new String(message.payload(), StandardCharsets.UTF_8)
              + " q"
              + qos
              + (retain ? " retain" : "")
              + (dup ? " dup" : "")
              + (identifiers == null ? "" : " " + Arrays.toString(identifiers)));
      Session receiver = session();
      if (acknowledging && qos == 1) {
        world.execute(() -> receiver.puback(packetId));
      } else if (acknowledging && qos == 2) {
        world.execute(() -> receiver.pubrec(packetId, false));
      }
      return Delivered.SENT;
    }

    @Override
    public void pubrel(int packetId) {
      packets.add("PUBREL");
      if (acknowledging) {
        Session receiver = session();
        world.execute(() -> receiver.pubcomp(packetId));
      }
    }

    @Override
    public void puback(int packetId, Reason reason) {
      packets.add("PUBACK " + packetId + " " + reason);
    }

    @Override
    public void pubrec(int packetId, Reason reason) {
      packets.add("PUBREC " + packetId + " " + reason);
      if (acknowledging && !reason.isFailure()) {
        Session publisher = session();
        world.execute(() -> publisher.pubrel(packetId));
      }
    }

    @Override
    public void pubcomp(int packetId, Reason reason) {
      packets.add("PUBCOMP " + packetId + " " + reason);
    }

    @Override
    public void suback(int packetId, int[] codes) {
      packets.add("SUBACK " + Arrays.toString(codes));
    }

    @Override
    public void unsuback(int packetId, int[] codes) {
      packets.add("UNSUBACK " + Arrays.toString(codes));
    }

    @Override
    public void flush() {
      flushes++;
      if (taken >= room) {
        world.execute(session()::writable);
      }
      taken = 0;
    }

    @Override
    public void close(Reason reason) {
      open = false;
      packets.add("CLOSED " + reason);
    }
  }
}
