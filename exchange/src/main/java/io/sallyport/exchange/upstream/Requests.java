package io.sallyport.exchange.upstream;

import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Subscription;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** SUBSCRIBE and UNSUBSCRIBE of one session, and which filters it has. */
final class Requests {
  /** Bound: requests of one device that the broker has not answered. */
  static final int PENDING_MAX = 64;

  /** MQTT 5, 3.9.3: not among the reasons that cross this border otherwise. */
  private static final int IDENTIFIERS_NOT_SUPPORTED = 0xA1;

  /** MQTT 3.1.1, 3.9.3; in MQTT 5 all codes from there on are failures. */
  private static final int FAILURES = 0x80;

  private static final int UNANSWERED = -1;

  private final UpstreamSession session;
  private final Outlet outlet;
  private final Facilities facilities;
  private final String clientId;
  private final boolean isStored;
  private final Map<Integer, Pending> pending = new HashMap<>(0);

  /** Guarded by itself: decided again on any thread. */
  private final Set<String> filters = new HashSet<>(4);

  /** A request that the broker has not answered. */
  private static final class Pending {
    /** Those that the broker was asked for, in order. */
    private final List<String> filters;

    /** One for each filter that the device asked for; UNANSWERED for those above. */
    private final int[] codes;

    Pending(List<String> filters, int[] codes) {
      this.filters = filters;
      this.codes = codes;
    }
  }

  Requests(
      UpstreamSession session,
      Outlet outlet,
      Facilities facilities,
      String clientId,
      boolean isStored) {
    this.session = session;
    this.outlet = outlet;
    this.facilities = facilities;
    this.clientId = clientId;
    this.isStored = isStored;
  }

  private boolean isPending(int packetId) {
    return pending.containsKey(packetId);
  }

  /** Filters that a stored session has, as far as is known. */
  void resume(Collection<String> known) {
    synchronized (filters) {
      filters.addAll(known);
    }
  }

  /** The broker does not know the session. */
  void reset() {
    synchronized (filters) {
      filters.clear();
    }
    if (isStored) {
      facilities.footprints().emptied(clientId);
    }
  }

  int filterCount() {
    synchronized (filters) {
      return filters.size();
    }
  }

  // ---- SUBSCRIBE

  void subscribe(int packetId, List<Subscription> wanted, Greeting greeting) {
    int[] codes = new int[wanted.size()];
    List<Subscription> asked = new ArrayList<>(codes.length);
    for (int i = 0; i < codes.length; i++) {
      codes[i] = refusal(wanted.get(i), greeting);
      if (codes[i] == UNANSWERED) {
        asked.add(wanted.get(i));
      }
    }
    if (asked.isEmpty()) {
      outlet.suback(packetId, codes);
      return;
    }
    var names = asked.stream().map(Subscription::filter).toList();
    pending.put(packetId, new Pending(names, codes));
    var parcel = subscription(packetId, asked, names, codes);
    if (isStored) {
      parcel.isNoting = true;
      session.outbox().request(parcel);
      facilities
          .footprints()
          .subscribe(clientId, names, why -> session.outbox().noted(parcel, why));
    } else {
      session.outbox().request(parcel);
    }
  }

  private Parcel subscription(
      int packetId, List<Subscription> asked, List<String> names, int[] codes) {
    return new Parcel(packetId, 0, false) {
      @Override
      void send() {
        session.send(facilities.packets().subscribe(packetId, asked));
      }

      @Override
      void refuse(Reason reason) {
        pending.remove(packetId);
        forget(names);
        outlet.suback(packetId, merge(codes, names, List.of(), reason.code()));
      }
    };
  }

  /** Why a filter is not even asked for, or UNANSWERED; what is asked for counts at once. */
  private int refusal(Subscription wanted, Greeting greeting) {
    boolean v5 = facilities.settings().isV5();
    if (wanted.identifier() != 0 && !greeting.identifiersAvailable()) {
      return IDENTIFIERS_NOT_SUPPORTED;
    }
    boolean hasOptions =
        wanted.noLocal() || wanted.retainAsPublished() || wanted.retainHandling() != 0;
    if (!v5 && hasOptions) {
      return Reason.IMPLEMENTATION_SPECIFIC_ERROR.code();
    }
    if (pending.size() >= PENDING_MAX) {
      return Reason.QUOTA_EXCEEDED.code();
    }
    synchronized (filters) {
      boolean full = filters.size() >= facilities.limits().subscriptionsPerSession();
      if (full && !filters.contains(wanted.filter())) {
        return Reason.QUOTA_EXCEEDED.code();
      }
      filters.add(wanted.filter());
    }
    return UNANSWERED;
  }

  void answered(MqttSubAckMessage suback) {
    int packetId = suback.variableHeader().messageId();
    var asked = pending.remove(packetId);
    if (asked != null) {
      var codes = Answers.codes(suback);
      outlet.suback(packetId, merge(asked.codes, asked.filters, codes, FAILURES));
    }
  }

  private int[] merge(int[] codes, List<String> names, List<Integer> given, int otherwise) {
    int next = 0;
    List<String> refused = new ArrayList<>(0);
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] == UNANSWERED) {
        codes[i] = next < given.size() ? given.get(next) : otherwise;
        if (codes[i] >= FAILURES) {
          refused.add(names.get(next));
        }
        next++;
      }
    }
    forget(refused);
    return codes;
  }

  // ---- UNSUBSCRIBE

  void unsubscribe(int packetId, List<String> names) {
    if (pending.size() >= PENDING_MAX) {
      int[] codes = new int[names.size()];
      Arrays.fill(codes, Reason.QUOTA_EXCEEDED.code());
      outlet.unsuback(packetId, codes);
      return;
    }
    int[] codes = new int[names.size()];
    synchronized (filters) {
      for (int i = 0; i < codes.length; i++) {
        // What MQTT 3.1.1 does not say; MQTT 5 does, and it replaces this.
        codes[i] =
            (filters.contains(names.get(i)) ? Reason.SUCCESS : Reason.NO_SUBSCRIPTION_EXISTED)
                .code();
      }
    }
    pending.put(packetId, new Pending(names, codes));
    session.outbox().request(removal(packetId, names));
  }

  private Parcel removal(int packetId, List<String> names) {
    return new Parcel(packetId, 0, false) {
      @Override
      void send() {
        session.send(facilities.packets().unsubscribe(packetId, names));
      }

      @Override
      void refuse(Reason reason) {
        session.fail(reason);
      }
    };
  }

  void answered(MqttUnsubAckMessage unsuback) {
    int packetId = unsuback.variableHeader().messageId();
    var asked = pending.remove(packetId);
    if (asked == null) {
      return;
    }
    var given = unsuback.payload() == null ? List.<Short>of() : given(unsuback);
    int[] codes = asked.codes;
    List<String> gone = new ArrayList<>(codes.length);
    for (int i = 0; i < codes.length; i++) {
      codes[i] = i < given.size() ? given.get(i) & 0xFF : codes[i];
      if (codes[i] < FAILURES) {
        gone.add(asked.filters.get(i));
      }
    }
    forget(gone);
    if (!session.outbox().isOurs(packetId)) {
      outlet.unsuback(packetId, codes);
    }
  }

  private static List<Short> given(MqttUnsubAckMessage unsuback) {
    return unsuback.payload().unsubscribeReasonCodes();
  }

  private void forget(Collection<String> names) {
    synchronized (filters) {
      filters.removeAll(names);
    }
    if (isStored) {
      facilities.footprints().remove(clientId, names);
    }
  }

  /** Takes filters away that are no longer allowed; from any thread. */
  List<String> revalidate(Predicate<String> stillAllowed) {
    List<String> removed;
    synchronized (filters) {
      removed = filters.stream().filter(stillAllowed.negate()).toList();
      removed.forEach(filters::remove);
    }
    if (!removed.isEmpty()) {
      session.onLoop(() -> remove(removed));
    }
    return removed;
  }

  private void remove(List<String> removed) {
    if (!session.isClosed()) {
      int packetId = session.outbox().ownPacketId(this::isPending);
      pending.put(packetId, new Pending(removed, new int[removed.size()]));
      session.outbox().request(ownRemoval(packetId, removed));
    }
  }

  /** Not held back by its own packet id. */
  private Parcel ownRemoval(int ownId, List<String> removed) {
    return new Parcel(0, 0, false) {
      @Override
      void send() {
        session.send(facilities.packets().unsubscribe(ownId, removed));
      }

      @Override
      void refuse(Reason reason) {
        session.fail(reason);
      }
    };
  }
}
