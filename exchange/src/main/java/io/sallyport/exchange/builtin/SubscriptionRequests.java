package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What SUBSCRIBE and UNSUBSCRIBE of one connection do. */
final class SubscriptionRequests {
  private final SessionState session;
  private final Connection connection;
  private final Router router;
  private final Subscriptions subscriptions;
  private final Facilities facilities;

  SubscriptionRequests(
      SessionState session,
      Connection connection,
      Router router,
      Subscriptions subscriptions,
      Facilities facilities) {
    this.session = session;
    this.connection = connection;
    this.router = router;
    this.subscriptions = subscriptions;
    this.facilities = facilities;
  }

  void subscribe(int packetId, List<Subscription> wanted) {
    int[] codes = new int[wanted.size()];
    List<Subscription> accepted = new ArrayList<>(codes.length);
    List<Subscription> withRetained = new ArrayList<>(codes.length);
    List<String> replaced = new ArrayList<>(0);
    Reply reply = subscribed(packetId, codes, accepted, withRetained, replaced);
    connection.add(reply);
    synchronized (session) {
      if (session.connection() != connection) {
        return;
      }
      for (int i = 0; i < codes.length; i++) {
        String filter = wanted.get(i).filter();
        if (session.subscriptions().get(filter) != null) {
          replaced.add(filter);
        }
        codes[i] = subscribe(wanted.get(i), accepted, withRetained);
      }
      if (session.isPersistent() && !accepted.isEmpty()) {
        facilities.journal().submit(new Operations.Subscribe(session, accepted, reply));
        return;
      }
    }
    reply.complete(null);
  }

  private int subscribe(
      Subscription wanted, List<Subscription> accepted, List<Subscription> withRetained) {
    TopicFilter filter = TopicFilter.of(wanted.filter());
    boolean isNew = session.subscriptions().get(wanted.filter()) == null;
    if (filter.isTooDeep()) {
      return Reason.TOPIC_FILTER_INVALID.code();
    }
    int limit = facilities.limits().subscriptionsPerSession();
    if (isNew && session.subscriptions().size() >= limit) {
      return Reason.QUOTA_EXCEEDED.code();
    }
    session.subscriptions().put(wanted.filter(), wanted);
    subscriptions.add(session, wanted);
    accepted.add(wanted);
    boolean retained = wanted.retainHandling() == 0 || (wanted.retainHandling() == 1 && isNew);
    if (retained && !filter.isShared()) {
      withRetained.add(wanted);
    }
    return wanted.maximumQos();
  }

  private Reply subscribed(
      int packetId,
      int[] codes,
      List<Subscription> accepted,
      List<Subscription> withRetained,
      List<String> replaced) {
    return new Reply(connection) {
      @Override
      void send(Outlet outlet, @Nullable Reason why) {
        if (why != null) {
          fail(codes, accepted, replaced, why);
        }
        outlet.suback(packetId, codes);
        if (why == null) {
          withRetained.forEach(subscription -> router.offerRetained(session, subscription));
        }
      }
    };
  }

  /**
   * Takes back subscriptions that could not be stored. The store is told only of those that it knew
   * before, so that a client cannot queue work for a store that fails by asking again and again.
   */
  private void fail(int[] codes, List<Subscription> accepted, List<String> replaced, Reason why) {
    for (int i = 0; i < codes.length; i++) {
      codes[i] = codes[i] < Reason.UNSPECIFIED_ERROR.code() ? why.code() : codes[i];
    }
    synchronized (session) {
      forget(accepted.stream().map(Subscription::filter).toList());
      tellStore(replaced, null);
    }
  }

  void unsubscribe(int packetId, List<String> filters) {
    int[] codes = new int[filters.size()];
    Reply reply =
        new Reply(connection) {
          @Override
          void send(Outlet outlet, @Nullable Reason why) {
            outlet.unsuback(packetId, codes);
          }
        };
    connection.add(reply);
    synchronized (session) {
      if (session.connection() != connection) {
        return;
      }
      List<String> existing = new ArrayList<>(codes.length);
      for (int i = 0; i < codes.length; i++) {
        boolean existed = session.subscriptions().get(filters.get(i)) != null;
        codes[i] = (existed ? Reason.SUCCESS : Reason.NO_SUBSCRIPTION_EXISTED).code();
        if (existed) {
          existing.add(filters.get(i));
        }
      }
      if (remove(existing, reply)) {
        return;
      }
    }
    reply.complete(null);
  }

  List<String> revalidate(Predicate<String> stillAllowed) {
    synchronized (session) {
      if (session.connection() != connection) {
        return List.of();
      }
      List<String> removed =
          session.subscriptions().keys().stream().filter(stillAllowed.negate()).toList();
      remove(removed, null);
      return removed;
    }
  }

  /** Removes filters; true if the store is told, and completes the reply. */
  private boolean remove(List<String> filters, @Nullable Reply reply) {
    forget(filters);
    return tellStore(filters, reply);
  }

  private void forget(List<String> filters) {
    for (String filter : filters) {
      if (session.subscriptions().remove(filter) != null) {
        subscriptions.remove(session, filter);
      }
    }
  }

  private boolean tellStore(List<String> gone, @Nullable Reply reply) {
    boolean stored = session.isPersistent() && !gone.isEmpty();
    if (stored) {
      facilities.journal().submit(new Operations.Unsubscribe(session, gone, reply));
    }
    return stored;
  }
}
