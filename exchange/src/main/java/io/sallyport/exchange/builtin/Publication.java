package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Reason;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A message with everything of it that must be durable before its publisher is answered: deliveries
 * to persistent sessions, the retained message, the packet id of an exactly-once publisher. All of
 * it is written in one transaction.
 *
 * <p>Deliveries that are acknowledged before they are written are not written at all. When that
 * happens to all of them, the publisher is answered at once: nothing is left that had to survive.
 */
final class Publication extends Operation {
  final long id;
  final Message message;

  private final List<Delivery> deliveries = new ArrayList<>(1);

  /** What is not yet safe, plus one until {@link #seal}. */
  private final AtomicInteger outstanding = new AtomicInteger(1);

  private @Nullable Reply reply;
  private @Nullable SessionState publisher;
  private int publisherPacketId;
  private @Nullable RetainedMessages retained;
  private boolean urgent;

  /** Rows that refer to the message in the store; only for the journal's thread. */
  private int rows;

  Publication(long id, Message message) {
    this.id = id;
    this.message = message;
  }

  /** A delivery taken by its session. */
  void add(Delivery delivery) {
    deliveries.add(delivery);
    urgent |= delivery.qos == 2 || !delivery.session.isOnline();
  }

  /** Counts a delivery before it is offered, because it may be acknowledged before it is added. */
  void expect() {
    outstanding.incrementAndGet();
  }

  /** Takes {@link #expect} back: the session did not take the delivery. */
  void unexpect() {
    outstanding.decrementAndGet();
  }

  /** The retained message of the topic is to be stored as it then is. */
  void alsoRetained(RetainedMessages messages) {
    retained = messages;
    require();
  }

  /** The packet id by which the publisher's retransmissions are known. */
  void alsoInbound(SessionState session, int packetId) {
    publisher = session;
    publisherPacketId = packetId;
    require();
  }

  private void require() {
    outstanding.incrementAndGet();
    urgent = true;
  }

  /** A delivery was acknowledged before it was written. */
  void cancelled() {
    if (outstanding.decrementAndGet() == 0) {
      answer(null);
    }
  }

  /** Everything is known: hands it to the journal unless nothing is left to be written. */
  void seal(@Nullable Reply whenDurable, Journal journal) {
    reply = whenDurable;
    if (outstanding.decrementAndGet() == 0) {
      answer(null);
    } else {
      journal.submit(this);
    }
  }

  @Override
  void write(Database database) throws SQLException {
    boolean messageWritten = false;
    for (Delivery delivery : deliveries) {
      if (delivery.claimForWriting()) {
        if (!messageWritten) {
          database.putMessage(id, message);
          messageWritten = true;
        }
        database.putDelivery(delivery, id);
        rows++;
      }
    }
    if (retained != null) {
      retained.write(message.topicText(), database);
    }
    if (publisher != null && !publisher.isGone()) {
      database.putInbound(publisher.id, publisherPacketId);
    }
  }

  /** A delivery found in the store at start. */
  void recovered() {
    rows++;
  }

  /** Deletes a delivery, and the message with its last one. */
  void forget(Delivery delivery, Database database) throws SQLException {
    if (!delivery.forgotten) {
      delivery.forgotten = true;
      rows--;
    }
    database.deleteDelivery(delivery);
    if (rows == 0) {
      database.deleteMessage(id);
    }
  }

  @Override
  void committed() {
    deliveries.clear();
    answer(null);
  }

  @Override
  void failed() {
    for (Delivery delivery : deliveries) {
      delivery.session.withdraw(delivery);
    }
    deliveries.clear();
    if (publisher != null) {
      publisher.forgetInbound(publisherPacketId);
    }
    answer(Reason.UNSPECIFIED_ERROR);
  }

  private void answer(@Nullable Reason failure) {
    if (reply != null) {
      reply.complete(failure);
    }
  }

  @Override
  boolean mustHappen() {
    return false;
  }

  @Override
  boolean isUrgent() {
    return urgent;
  }
}
