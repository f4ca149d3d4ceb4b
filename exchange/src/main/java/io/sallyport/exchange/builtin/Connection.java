package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Outlet.Delivered;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Session;
import io.sallyport.exchange.Subscription;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: takes its packets, and gives it answers and deliveries in its turns. A
 * turn is a task on the connection's thread; everything that has come together until then leaves
 * with one flush.
 */
final class Connection implements Session {
  private final SessionState session;
  private final Outlet outlet;
  private final Executor executor;
  private final Sessions sessions;
  private final Counters counters;
  private final SubscriptionRequests requests;
  private final Publishing publications;
  private final AtomicBoolean turnDue = new AtomicBoolean();
  private final Runnable turn = this::askedTurn;
  private final Runnable spacedTurn = this::spacedTurn;
  private final TurnSpacing spacing = new TurnSpacing();

  /** Answers in the order in which MQTT asks for them. */
  private final Queue<Reply> replies = new ArrayDeque<>(0);

  private boolean connected;

  /** Whether the last turn ended before its deliveries did, for want of room. */
  private boolean held;

  private volatile boolean detached;

  Connection(
      SessionState session,
      Outlet outlet,
      Sessions sessions,
      Router router,
      Subscriptions subscriptions,
      Facilities facilities) {
    this.session = session;
    this.outlet = outlet;
    this.executor = outlet.executor();
    this.sessions = sessions;
    this.counters = facilities.counters();
    this.requests = new SubscriptionRequests(session, this, router, subscriptions, facilities);
    this.publications = new Publishing(session, this, router, subscriptions, facilities);
  }

  SessionState session() {
    return session;
  }

  // ---- turns

  /** Has a turn come soon; from any thread. */
  void wake() {
    if (!turnDue.get() && turnDue.compareAndSet(false, true)) {
      execute(turn);
    }
  }

  private void execute(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException _) {
      // The connection's thread has ended, and with it the connection: nobody is left to tell.
      detached = true;
    }
  }

  /** Whether a publisher's thread is this connection's thread, which could send at once. */
  boolean canTurnOn(@Nullable Executor here) {
    return executor.equals(here) && connected && outlet.isWritable();
  }

  /** Sends what can be sent; on the connection's thread. Answers how many deliveries that was. */
  int turn() {
    if (detached) {
      return 0;
    }
    answer();
    int sent = connected ? deliver() : 0;
    outlet.flush();
    return sent;
  }

  private void askedTurn() {
    turnDue.set(false);
    if (spacing.beginsAfter(turn()) && !held && turnDue.compareAndSet(false, true)) {
      outlet.soon(spacedTurn);
    }
  }

  /**
   * Nobody can have asked for a turn since this one was due, so it looks before it ends. After one
   * that was held up there is nothing to wait for: a turn's worth has gathered already.
   */
  private void spacedTurn() {
    boolean goesOn = false;
    try {
      goesOn = spacing.goesOnAfter(turn()) && !held && !detached;
    } finally {
      // Also when the turn failed: else nobody could ever ask for another one.
      turnDue.set(goesOn);
    }
    if (goesOn) {
      outlet.soon(spacedTurn);
      return;
    }
    var next = replies.peek();
    if (session.hasWaiting() || (next != null && next.isComplete())) {
      wake();
    }
  }

  private void answer() {
    for (Reply next = replies.peek(); next != null && next.isComplete(); next = replies.peek()) {
      replies.remove();
      next.send(outlet);
      if (detached) {
        return;
      }
    }
  }

  private int deliver() {
    int sent = 0;
    while (outlet.isWritable()) {
      Delivery[] taken = session.take(this);
      if (taken.length == 0) {
        break;
      }
      for (Delivery delivery : taken) {
        if (detached) {
          return sent;
        }
        deliver(delivery);
        sent++;
      }
    }
    held = !outlet.isWritable();
    return sent;
  }

  private void deliver(Delivery delivery) {
    Delivered delivered =
        outlet.deliver(
            delivery.message,
            delivery.packetId,
            delivery.qos,
            delivery.retain,
            delivery.dup || delivery.doubtful,
            delivery.identifiers);
    switch (delivered) {
      case SENT -> {
        counters.delivered.increment();
        return;
      }
      case DENIED -> counters.droppedDenied.increment();
      case TOO_LARGE -> counters.droppedTooLarge.increment();
    }
    if (delivery.qos > 0) {
      session.acknowledged(this, delivery.packetId, delivery.qos);
    }
  }

  /** Adds an answer that may have to wait. */
  void add(Reply reply) {
    replies.add(reply);
  }

  /** Sends a PUBACK at once unless another answer has to go before it; false if it has. */
  boolean pubackNow(int packetId, Reason reason) {
    if (!replies.isEmpty()) {
      return false;
    }
    outlet.puback(packetId, reason);
    wake();
    return true;
  }

  /** The thread that all of this runs on. */
  Executor executor() {
    return executor;
  }

  // ---- beginning and end

  /** Answers the CONNECT once the session is durable, if it must be. */
  void begin(boolean sessionPresent, List<Delivery> released, boolean durable) {
    Reply reply =
        new Reply(this) {
          @Override
          void send(Outlet to, @Nullable Reason why) {
            if (why == null) {
              connected = true;
              to.connected(sessionPresent);
              for (Delivery delivery : released) {
                if (delivery.phase == Delivery.Phase.RELEASED) {
                  to.pubrel(delivery.packetId);
                }
              }
            } else {
              sessions.abandon(Connection.this, sessionPresent);
              to.close(why);
            }
          }
        };
    replies.add(reply);
    if (durable) {
      session.keep(reply);
    } else {
      reply.complete(null);
    }
  }

  /** Nothing reaches the outlet any more; from any thread. */
  void detach() {
    detached = true;
  }

  boolean isDetached() {
    return detached;
  }

  /** Detaches it and has its outlet closed on its own thread; from any thread. */
  void close(Reason reason) {
    detached = true;
    execute(() -> outlet.close(reason));
  }

  /** The client broke a rule: its connection ends, and its will is due. */
  void violate(Reason reason) {
    sessions.release(this, true, -1);
    outlet.close(reason);
  }

  @Override
  public void disconnect(boolean withWill, long sessionExpirySeconds) {
    sessions.release(this, withWill, sessionExpirySeconds);
  }

  @Override
  public void lost() {
    sessions.release(this, true, -1);
  }

  @Override
  public void writable() {
    wake();
  }

  // ---- what the client publishes

  @Override
  public int backlog() {
    return session.backlog();
  }

  @Override
  public void publish(Message message, int packetId, boolean dup) {
    if (!detached) {
      publications.publish(message, packetId);
    }
  }

  @Override
  public void pubrel(int packetId) {
    if (!detached) {
      publications.pubrel(packetId);
    }
  }

  // ---- what the client acknowledges

  @Override
  public void puback(int packetId) {
    more(session.acknowledged(this, packetId, 1));
  }

  @Override
  public void pubrec(int packetId, boolean failure) {
    if (failure) {
      more(session.acknowledged(this, packetId, 2));
    } else if (session.received(this, packetId)) {
      outlet.pubrel(packetId);
      wake();
    }
  }

  @Override
  public void pubcomp(int packetId) {
    more(session.completed(this, packetId));
  }

  /** Room has come free in the window. */
  private void more(boolean room) {
    if (room && session.hasWaiting()) {
      wake();
    }
  }

  /** That a delivery was received is durable; from any thread. */
  void release(int packetId) {
    execute(
        () -> {
          // Before the CONNACK it waits: what is released by then is sent with it.
          if (!detached && connected) {
            outlet.pubrel(packetId);
            wake();
          }
        });
  }

  // ---- what the client subscribes to

  @Override
  public void subscribe(int packetId, List<Subscription> subscriptions) {
    if (!detached) {
      requests.subscribe(packetId, subscriptions);
    }
  }

  @Override
  public void unsubscribe(int packetId, List<String> filters) {
    if (!detached) {
      requests.unsubscribe(packetId, filters);
    }
  }

  @Override
  public List<String> revalidate(Predicate<String> stillAllowed) {
    return requests.revalidate(stillAllowed);
  }
}
