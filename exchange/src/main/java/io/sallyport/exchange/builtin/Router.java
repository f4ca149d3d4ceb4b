package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Subscription;
import io.sallyport.exchange.builtin.SessionState.Offered;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings a message to its receivers, and finds out on the way whether the store must hold it before
 * the publisher is answered: for a persistent receiver of QoS 1 or 2, or as a retained message.
 */
final class Router {
  private final Subscriptions subscriptions;
  private final RetainedMessages retained;
  private final Facilities facilities;
  private final Counters counters;
  private final AtomicLong lastId;

  Router(
      Subscriptions subscriptions, RetainedMessages retained, Facilities facilities, long lastId) {
    this.subscriptions = subscriptions;
    this.retained = retained;
    this.facilities = facilities;
    this.counters = facilities.counters();
    this.lastId = new AtomicLong(lastId);
  }

  Publication newPublication(Message message) {
    return new Publication(lastId.incrementAndGet(), message);
  }

  /** Publishes what no client waits for: a will. */
  void publish(Message message) {
    Routing routing = new Routing();
    byte[] topic = message.topic();
    keep(message, () -> true, routing);
    route(message, subscriptions.match(topic, Arrays.hashCode(topic)), null, routing);
    seal(routing);
  }

  /** Hands over to the journal what no client waits for. */
  void seal(Routing routing) {
    Publication publication = routing.publication();
    if (publication != null) {
      publication.seal(null, facilities.journal());
    }
  }

  /**
   * Keeps a message that is to be retained. Comes before routing, so that a subscriber who comes at
   * that moment gets it one way or the other.
   */
  void keep(Message message, BooleanSupplier stillTrusted, Routing routing) {
    if (!message.isRetain()) {
      return;
    }
    if (retained.put(message, stillTrusted)) {
      routing.publication(message, this).alsoRetained(retained);
    } else {
      routing.refuse();
      counters.refusedQueueFull.increment();
    }
  }

  /** Offers the message to everybody it is for. */
  void route(Message message, Route route, @Nullable Executor here, Routing routing) {
    for (Receiver receiver : route.receivers) {
      Receiver forMessage = receiver.forMessage(message);
      if (forMessage != null) {
        count(offer(message, forMessage, here, routing), message.qos(), routing);
      }
    }
    for (SharedGroup group : route.groups) {
      offerToOne(message, group, here, routing);
    }
  }

  private void offerToOne(
      Message message, SharedGroup group, @Nullable Executor here, Routing routing) {
    Offered last = Offered.GONE;
    for (Receiver member : group.candidates()) {
      Offered offered = offer(message, member, here, routing);
      if (offered == Offered.TAKEN) {
        routing.take();
        return;
      }
      last = offered == Offered.GONE ? last : offered;
    }
    count(last, message.qos(), routing);
  }

  private Offered offer(
      Message message, Receiver receiver, @Nullable Executor here, Routing routing) {
    SessionState session = receiver.session;
    int qos = Math.min(message.qos(), receiver.maximumQos);
    boolean durable = qos > 0 && session.isPersistent();
    Publication publication = durable ? routing.publication(message, this) : null;
    boolean retain = receiver.retainAsPublished && message.isRetain();
    return offer(
        new Delivery(session, message, qos, retain, receiver.identifiers, publication), here);
  }

  private static Offered offer(Delivery delivery, @Nullable Executor here) {
    Publication publication = delivery.publication;
    if (publication == null) {
      return delivery.session.offer(delivery, here);
    }
    publication.expect();
    Offered offered = delivery.session.offer(delivery, here);
    if (offered == Offered.TAKEN) {
      publication.add(delivery);
    } else {
      publication.unexpect();
    }
    return offered;
  }

  private void count(Offered offered, int publishedQos, Routing routing) {
    switch (offered) {
      case TAKEN -> routing.take();
      case AWAY -> {}
      case GONE -> {}
      case FULL -> {
        // A QoS 0 message has nobody to be refused to.
        if (publishedQos == 0) {
          counters.droppedQueueFull.increment();
        } else {
          counters.refusedQueueFull.increment();
          routing.refuse();
        }
      }
    }
  }

  /** Offers retained messages to one who has just subscribed. */
  void offerRetained(SessionState session, Subscription subscription) {
    Receiver receiver = Receiver.of(session, subscription);
    for (Message message : retained.match(subscription.filter(), facilities.clock().millis())) {
      Receiver forMessage = receiver.forMessage(message);
      if (forMessage == null) {
        continue;
      }
      int qos = Math.min(message.qos(), forMessage.maximumQos);
      Publication publication = qos > 0 && session.isPersistent() ? newPublication(message) : null;
      Delivery delivery =
          new Delivery(session, message, qos, true, forMessage.identifiers, publication);
      if (offer(delivery, null) == Offered.FULL) {
        counters.droppedQueueFull.increment();
      }
      if (publication != null) {
        publication.seal(null, facilities.journal());
      }
    }
  }
}
