package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Subscription;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A session that a topic leads to, with what its overlapping subscriptions come to together: one
 * delivery, the greatest QoS, all identifiers.
 */
final class Receiver {
  final SessionState session;
  final int maximumQos;
  final boolean retainAsPublished;
  final int @Nullable [] identifiers;

  private final boolean noLocal;

  /** What is left for a message of the session's own client: subscriptions without No Local. */
  private final @Nullable Receiver forOwn;

  private Receiver(
      SessionState session,
      int maximumQos,
      boolean retainAsPublished,
      int @Nullable [] identifiers,
      boolean noLocal,
      @Nullable Receiver forOwn) {
    this.session = session;
    this.maximumQos = maximumQos;
    this.retainAsPublished = retainAsPublished;
    this.identifiers = identifiers;
    this.noLocal = noLocal;
    this.forOwn = forOwn;
  }

  static Receiver of(SessionState session, Subscription subscription) {
    int identifier = subscription.identifier();
    return new Receiver(
        session,
        subscription.maximumQos(),
        subscription.retainAsPublished(),
        identifier == 0 ? null : new int[] {identifier},
        subscription.noLocal(),
        null);
  }

  /** One delivery for two subscriptions of the same session. */
  Receiver and(Receiver other) {
    boolean mixed = noLocal || other.noLocal;
    return new Receiver(
        session,
        Math.max(maximumQos, other.maximumQos),
        retainAsPublished || other.retainAsPublished,
        joined(identifiers, other.identifiers),
        mixed,
        mixed ? join(own(), other.own()) : null);
  }

  private static @Nullable Receiver join(@Nullable Receiver one, @Nullable Receiver other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.and(other);
  }

  private static int @Nullable [] joined(int @Nullable [] one, int @Nullable [] other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    int[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  private @Nullable Receiver own() {
    return noLocal ? forOwn : this;
  }

  /** This, or what No Local leaves of it for the message; null if nothing. */
  @Nullable Receiver forMessage(Message message) {
    return noLocal && session.clientId.equals(message.publisherClientId()) ? forOwn : this;
  }
}
