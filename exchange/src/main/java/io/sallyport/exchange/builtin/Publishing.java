package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What PUBLISH and PUBREL of one connection do; used by its thread alone. */
final class Publishing {
  private final SessionState session;
  private final Connection connection;
  private final Router router;
  private final Facilities facilities;
  private final Counters counters;
  private final RouteMemo memo;
  private final Routing routing = new Routing();
  private final BooleanSupplier stillTrusted;

  /** QoS 1 publications not yet answered. */
  private int unanswered;

  Publishing(
      SessionState session,
      Connection connection,
      Router router,
      Subscriptions subscriptions,
      Facilities facilities) {
    this.session = session;
    this.connection = connection;
    this.router = router;
    this.facilities = facilities;
    this.counters = facilities.counters();
    this.memo = new RouteMemo(subscriptions);
    this.stillTrusted = () -> !connection.isDetached();
  }

  /** A PUBLISH. */
  void publish(Message message, int packetId) {
    counters.published.increment();
    routing.reset();
    switch (message.qos()) {
      case 0 -> {
        route(message);
        router.seal(routing);
      }
      case 1 -> publishAtLeastOnce(message, packetId);
      default -> publishExactlyOnce(message, packetId);
    }
  }

  private void route(Message message) {
    if (message.qos() > 0 && !counters.hasRoom(message.weight())) {
      counters.refusedQueueFull.increment();
      routing.refuse();
      return;
    }
    router.keep(message, stillTrusted, routing);
    router.route(message, memo.find(message.topic()), connection.executor(), routing);
  }

  private void publishAtLeastOnce(Message message, int packetId) {
    if (isReceiveMaximumReached()) {
      connection.violate(Reason.RECEIVE_MAXIMUM_EXCEEDED);
      return;
    }
    route(message);
    Reason reason = routing.reason();
    Publication publication = routing.publication();
    if (publication == null && connection.pubackNow(packetId, reason)) {
      return;
    }
    unanswered++;
    settle(
        publication,
        new Reply(connection) {
          @Override
          void send(Outlet to, @Nullable Reason why) {
            unanswered--;
            to.puback(packetId, why == null ? reason : why);
          }
        });
  }

  private void publishExactlyOnce(Message message, int packetId) {
    if (!session.noteInbound(packetId)) {
      repeatPubrec(packetId);
      return;
    }
    if (isReceiveMaximumReached()) {
      connection.violate(Reason.RECEIVE_MAXIMUM_EXCEEDED);
      return;
    }
    route(message);
    Reason reason = routing.reason();
    if (routing.isRefused()) {
      session.forgetInbound(packetId);
    } else if (session.isPersistent()) {
      routing.publication(message, router).alsoInbound(session, packetId);
    }
    settle(
        routing.publication(),
        new Reply(connection) {
          @Override
          void send(Outlet to, @Nullable Reason why) {
            if (why != null) {
              session.forgetInbound(packetId);
            }
            to.pubrec(packetId, why == null ? reason : why);
          }
        });
  }

  /** Bound: a client has no more publications unacknowledged than it was told. */
  private boolean isReceiveMaximumReached() {
    return unanswered + session.inboundCount() > facilities.limits().inboundReceiveMaximum();
  }

  /** A publication that is known is not routed again, and not acknowledged before it is durable. */
  private void repeatPubrec(int packetId) {
    Reply reply =
        new Reply(connection) {
          @Override
          void send(Outlet to, @Nullable Reason why) {
            to.pubrec(packetId, Reason.SUCCESS);
          }
        };
    connection.add(reply);
    facilities.journal().submit(new Operations.Barrier(reply));
  }

  private void settle(@Nullable Publication publication, Reply reply) {
    connection.add(reply);
    if (publication == null) {
      reply.complete(null);
    } else {
      publication.seal(reply, facilities.journal());
    }
  }

  /** A PUBREL. */
  void pubrel(int packetId) {
    boolean known = session.forgetInbound(packetId);
    Reply reply =
        new Reply(connection) {
          @Override
          void send(Outlet to, @Nullable Reason why) {
            to.pubcomp(packetId, known ? Reason.SUCCESS : Reason.PACKET_IDENTIFIER_NOT_FOUND);
          }
        };
    connection.add(reply);
    if (known && session.isPersistent()) {
      facilities.journal().submit(new Operations.ForgetInbound(session, packetId, reply));
    } else {
      reply.complete(null);
    }
  }
}
