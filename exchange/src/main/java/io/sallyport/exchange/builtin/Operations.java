package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Subscription;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The small things that the store is told, one class each. */
final class Operations {
  private Operations() {}

  /** A session begins, is resumed, loses its connection or its will: written as it then is. */
  static final class Keep extends Operation {
    private final SessionState session;
    private final @Nullable Reply reply;

    /**
     * @param reply who waits for it and is refused if it fails, or null when it must happen
     */
    Keep(SessionState session, @Nullable Reply reply) {
      this.session = session;
      this.reply = reply;
    }

    @Override
    void write(Database database) throws SQLException {
      if (!session.isGone()) {
        database.putSession(session);
      }
    }

    @Override
    void committed() {
      if (reply != null) {
        reply.complete(null);
      }
    }

    @Override
    void failed() {
      if (reply != null) {
        reply.complete(Reason.SERVER_UNAVAILABLE);
      }
    }

    @Override
    boolean mustHappen() {
      return reply == null;
    }

    @Override
    boolean isUrgent() {
      return reply != null;
    }
  }

  /** A session ended. */
  static final class Discard extends Operation {
    private final SessionState session;
    private final List<Delivery> deliveries;

    Discard(SessionState session, List<Delivery> deliveries) {
      this.session = session;
      this.deliveries = deliveries;
    }

    @Override
    void write(Database database) throws SQLException {
      for (Delivery delivery : deliveries) {
        if (delivery.publication != null) {
          delivery.publication.forget(delivery, database);
        }
      }
      database.deleteSession(session.id);
    }
  }

  /** A delivery is done with. */
  static final class Forget extends Operation {
    private final Delivery delivery;

    Forget(Delivery delivery) {
      this.delivery = delivery;
    }

    @Override
    void write(Database database) throws SQLException {
      if (delivery.publication != null) {
        delivery.publication.forget(delivery, database);
      }
    }
  }

  /** The packet id of a QoS 2 delivery, before it is first sent. */
  static final class Secure extends Operation {
    private final Delivery delivery;
    private final Journal journal;
    private boolean early;

    Secure(Delivery delivery, Journal journal) {
      this.delivery = delivery;
      this.journal = journal;
    }

    @Override
    void write(Database database) throws SQLException {
      // The receiver's thread can be faster than the publisher's hands over the publication.
      early = delivery.isUnwritten();
      if (!early) {
        database.updateDelivery(delivery, false);
      }
    }

    @Override
    void committed() {
      if (early) {
        journal.submit(this);
      } else {
        delivery.session.secured(delivery);
      }
    }

    @Override
    boolean isUrgent() {
      return !early;
    }
  }

  /**
   * Packet ids of QoS 1 deliveries whose connection ended. They are written with the delivery if
   * they are known by then, and here if not; nothing waits for it.
   */
  static final class PacketIds extends Operation {
    private final List<Delivery> deliveries;

    PacketIds(List<Delivery> deliveries) {
      this.deliveries = deliveries;
    }

    @Override
    void write(Database database) throws SQLException {
      for (Delivery delivery : deliveries) {
        database.updateDelivery(delivery, false);
      }
    }
  }

  /** A QoS 2 delivery was received. */
  static final class Release extends Operation {
    private final Delivery delivery;

    Release(Delivery delivery) {
      this.delivery = delivery;
    }

    @Override
    void write(Database database) throws SQLException {
      database.updateDelivery(delivery, true);
    }

    @Override
    void committed() {
      delivery.session.released(delivery);
    }

    @Override
    boolean isUrgent() {
      return true;
    }
  }

  /** A PUBREL: the packet id may be used again. */
  static final class ForgetInbound extends Operation {
    private final SessionState session;
    private final int packetId;
    private final Reply reply;

    ForgetInbound(SessionState session, int packetId, Reply reply) {
      this.session = session;
      this.packetId = packetId;
      this.reply = reply;
    }

    @Override
    void write(Database database) throws SQLException {
      database.deleteInbound(session.id, packetId);
    }

    @Override
    void committed() {
      reply.complete(null);
    }

    @Override
    boolean isUrgent() {
      return true;
    }
  }

  /** Subscriptions made. */
  static final class Subscribe extends Operation {
    private final SessionState session;
    private final List<Subscription> subscriptions;
    private final Reply reply;

    Subscribe(SessionState session, List<Subscription> subscriptions, Reply reply) {
      this.session = session;
      this.subscriptions = subscriptions;
      this.reply = reply;
    }

    @Override
    void write(Database database) throws SQLException {
      if (!session.isGone()) {
        for (Subscription subscription : subscriptions) {
          database.putSubscription(session.id, subscription);
        }
      }
    }

    @Override
    void committed() {
      reply.complete(null);
    }

    @Override
    void failed() {
      reply.complete(Reason.UNSPECIFIED_ERROR);
    }

    @Override
    boolean mustHappen() {
      return false;
    }

    @Override
    boolean isUrgent() {
      return true;
    }
  }

  /** Subscriptions ended. */
  static final class Unsubscribe extends Operation {
    private final SessionState session;
    private final List<String> filters;
    private final @Nullable Reply reply;

    Unsubscribe(SessionState session, List<String> filters, @Nullable Reply reply) {
      this.session = session;
      this.filters = filters;
      this.reply = reply;
    }

    @Override
    void write(Database database) throws SQLException {
      for (String filter : filters) {
        database.deleteSubscription(session.id, filter);
      }
    }

    @Override
    void committed() {
      if (reply != null) {
        reply.complete(null);
      }
    }

    @Override
    boolean isUrgent() {
      return reply != null;
    }
  }

  /** A retained message changed without a publication: expired, or purged. */
  static final class Retain extends Operation {
    private final RetainedMessages messages;
    private final String topic;

    Retain(RetainedMessages messages, String topic) {
      this.messages = messages;
      this.topic = topic;
    }

    @Override
    void write(Database database) throws SQLException {
      messages.write(topic, database);
    }
  }

  /** Everything submitted before is durable. */
  static final class Barrier extends Operation {
    private final Runnable reached;

    Barrier(Runnable reached) {
      this.reached = reached;
    }

    Barrier(CountDownLatch latch) {
      this(latch::countDown);
    }

    Barrier(Reply reply) {
      this(() -> reply.complete(null));
    }

    @Override
    void write(Database database) {
      // Its place in the order is all there is to it.
    }

    @Override
    void committed() {
      reached.run();
    }

    @Override
    boolean isUrgent() {
      return true;
    }
  }
}
