package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Subscription;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A shared subscription: each message goes to one of its members in turn (MQTT 5, 4.8.2). */
final class SharedGroup {
  private static final Receiver[] NOBODY = {};

  private final Map<SessionState, Receiver> members = new LinkedHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile Receiver[] inTurn = NOBODY;

  /** Adds or changes a member; true if it is new. */
  boolean put(SessionState session, Subscription subscription) {
    boolean isNew = members.put(session, Receiver.of(session, subscription)) == null;
    inTurn = members.values().toArray(NOBODY);
    return isNew;
  }

  boolean remove(SessionState session) {
    boolean removed = members.remove(session) != null;
    inTurn = members.values().toArray(NOBODY);
    return removed;
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  /**
   * The members in the order in which they are to be tried: those on line first, beginning with
   * another one each time.
   */
  Receiver[] candidates() {
    Receiver[] all = inTurn;
    int first = all.length == 0 ? 0 : Math.floorMod(turn.getAndIncrement(), all.length);
    Receiver[] ordered = new Receiver[all.length];
    int next = 0;
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < all.length && next < all.length; i++) {
        Receiver member = all[(first + i) % all.length];
        if (member.session.isOnline() == (pass == 0)) {
          ordered[next++] = member;
        }
      }
    }
    return next == all.length ? ordered : Arrays.copyOf(ordered, next);
  }
}
