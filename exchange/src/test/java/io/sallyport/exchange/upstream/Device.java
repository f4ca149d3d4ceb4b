package io.sallyport.exchange.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.sallyport.exchange.Message;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Session;
import io.sallyport.exchange.Subscription;
import io.sallyport.exchange.Will;
import io.sallyport.identity.PrincipalId;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A device as the gateway shows it to the exchange, with everything that it is told as a line. */
final class Device implements Outlet {
  private static final int LIMIT_SECONDS = 20;
  private static final byte[] NONE = {};

  final PrincipalId principal;
  final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  volatile Predicate<Message> allows = _ -> true;
  volatile boolean writable = true;
  volatile boolean answers = true;
  volatile @Nullable InetSocketAddress source;
  private final EventLoop loop;
  private final UpstreamExchange exchange;
  private @Nullable Session session;
  private volatile boolean room = true;

  Device(EventLoop loop, UpstreamExchange exchange, String id) {
    this.loop = loop;
    this.exchange = exchange;
    this.principal = new PrincipalId(id);
  }

  Device open(boolean cleanStart, long expirySeconds) {
    return open(cleanStart, expirySeconds, null);
  }

  Device open(boolean cleanStart, long expirySeconds, @Nullable Will will) {
    var opening = new Opening(principal, principal.value(), cleanStart, expirySeconds, 100, will);
    run(() -> session = exchange.open(opening, this));
    return this;
  }

  /** Opens a clean session that ends with its connection. */
  Device connected() throws InterruptedException {
    open(true, 0);
    hears("connected false");
    return this;
  }

  void says(Consumer<Session> what) {
    run(() -> what.accept(session()));
  }

  private Session session() {
    var open = session;
    if (open == null) {
      throw new AssertionError("no session");
    }
    return open;
  }

  void subscribes(String filter, int qos) throws InterruptedException {
    var wanted = new Subscription(filter, qos, false, false, 0, 0);
    says(s -> s.subscribe(7, List.of(wanted)));
    hears("suback 7 [" + qos + "]");
  }

  void publishes(String topic, String text, int qos, boolean retain, int packetId) {
    says(s -> s.publish(message(topic, text, qos, retain), packetId, false));
  }

  Message message(String topic, String text, int qos, boolean retain) {
    return new Message(
        principal,
        principal.value(),
        topic.getBytes(UTF_8),
        text.getBytes(UTF_8),
        NONE,
        qos,
        retain,
        Message.NEVER);
  }

  List<String> revalidates(Predicate<String> stillAllowed) {
    return session().revalidate(stillAllowed);
  }

  void hears(String line) throws InterruptedException {
    assertThat(told.poll(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(line);
  }

  String hearsSomething() throws InterruptedException {
    var line = told.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    assertThat(line).isNotNull();
    return String.valueOf(line);
  }

  boolean hasRoom() {
    return room;
  }

  private void run(Runnable task) {
    try {
      loop.submit(task).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public Executor executor() {
    return loop;
  }

  @Override
  public @Nullable InetSocketAddress source() {
    return source;
  }

  @Override
  public void room(boolean isThere) {
    room = isThere;
  }

  @Override
  public boolean isWritable() {
    return writable;
  }

  @Override
  public void connected(boolean sessionPresent) {
    told.add("connected " + sessionPresent);
  }

  @Override
  public Delivered deliver(
      Message message,
      int packetId,
      int qos,
      boolean retain,
      boolean dup,
      int @Nullable [] identifiers) {
    if (!allows.test(message)) {
      return Delivered.DENIED;
    }
    told.add(
        message.topicText()
            + (" " + new String(message.payload(), UTF_8) + " q" + qos)
            + (retain ? " retained" : "")
            + (identifiers == null ? "" : " " + Arrays.toString(identifiers)));
    if (answers && qos == 1) {
      session().puback(packetId);
    } else if (answers && qos == 2) {
      session().pubrec(packetId, false);
    }
    return Delivered.SENT;
  }

  @Override
  public void pubrel(int packetId) {
    session().pubcomp(packetId);
  }

  @Override
  public void puback(int packetId, Reason reason) {
    told.add("puback " + packetId + " " + reason);
  }

  @Override
  public void pubrec(int packetId, Reason reason) {
    told.add("pubrec " + packetId + " " + reason);
  }

  @Override
  public void pubcomp(int packetId, Reason reason) {
    told.add("pubcomp " + packetId + " " + reason);
  }

  @Override
  public void suback(int packetId, int[] codes) {
    told.add("suback " + packetId + " " + Arrays.toString(codes));
  }

  @Override
  public void unsuback(int packetId, int[] codes) {
    told.add("unsuback " + packetId + " " + Arrays.toString(codes));
  }

  @Override
  public void flush() {}

  @Override
  public void close(Reason reason) {
    told.add("close " + reason);
  }
}
