package io.sallyport.gateway.service;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.sallyport.exchange.Exchange;
import io.sallyport.gateway.transport.Transport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Where the server itself takes part in the exchange: on an event loop of its own, so that devices
 * do not wait for it, nor it for them.
 */
public final class ServiceDoor implements AutoCloseable {
  // Bound: how long a change of its rights may take to be seen by a session that is silent.
  private static final long WATCH_MILLIS = 500;

  private final EventLoopGroup loops;
  private final EventLoop loop;
  private final Outgoing outgoing = new Outgoing();
  private final ServiceClient client;

  /**
   * Stands outside until it is told to begin.
   *
   * @param inbox who is handed what is delivered
   */
  public ServiceDoor(Exchange exchange, ServiceTerms terms, ServiceRights rights, Inbox inbox) {
    this.loops = Transport.loops(1, "services");
    this.loop = loops.next();
    this.client = new ServiceClient(loop, exchange, terms, rights, inbox, outgoing);
  }

  /** Takes part from now on. */
  public void begin() {
    loop.execute(client::open);
    var _ =
        loop.scheduleWithFixedDelay(
            client::decideAgain, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Publishes a message at QoS 1.
   *
   * @return done when it is acknowledged, failed when it is not published; it is not tried again
   */
  public CompletableFuture<Void> publish(String topic, byte[] payload) {
    return publish(topic, payload, ServiceTerms.WAITING_MAX);
  }

  /**
   * Publishes, at QoS 1, what is worth less than an answer: only while half of the room is free, so
   * that a fleet that comes back at once leaves its answers their way.
   *
   * @return as for {@link #publish}
   */
  public CompletableFuture<Void> mention(String topic, byte[] payload) {
    return publish(topic, payload, ServiceTerms.WAITING_MAX / 2);
  }

  private CompletableFuture<Void> publish(String topic, byte[] payload, int most) {
    var parcel = outgoing.admit(topic, payload, most);
    if (parcel == null) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("not published to '" + topic + "': too much waits already"));
    }
    try {
      loop.execute(
          () -> {
            outgoing.add(parcel);
            client.pump();
          });
    } catch (RejectedExecutionException e) {
      parcel.result().completeExceptionally(e);
    }
    return parcel.result();
  }

  public ServiceCounters counters() {
    return client.counters();
  }

  /** Whether it hears what it is to hear. */
  public boolean isConnected() {
    return client.isConnected();
  }

  /** Leaves; what comes meanwhile waits for it where the exchange keeps it. */
  @Override
  public void close() {
    try {
      loop.submit(client::end).awaitUninterruptibly();
    } catch (RejectedExecutionException e) {
      return;
    }
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
