package io.sallyport.control.rotation;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.registry.TrustFeed;
import io.sallyport.control.rotation.RotationShadow.Desired;
import io.sallyport.control.store.Database;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Serial;
import io.sallyport.identity.Standing;
import io.sallyport.identity.rotation.Jitter;
import io.sallyport.identity.rotation.RotationCase;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * What is done about rotations when its time has come. Each step of each device is one transaction:
 * a process that ends between two leaves the device with the certificates that the last one says.
 *
 * <p>Invariant: a certificate is revoked here only in the transaction that has seen another one of
 * the device active, and which that device has come with, or not left yet.
 */
final class Steps {
  // Bound: rotations of one state that are worked on in one go.
  private static final int STEPS_MAX = 1_000;

  // How long before its end the old certificate is no longer one to fall back to.
  private static final Duration FALLBACK_MIN = Duration.ofDays(1);
  private static final Duration ABSENCE = Duration.ofHours(1);
  private static final Duration KEPT = Duration.ofDays(100);

  private final Database database;
  private final RotationSettings settings;
  private final RotationShadow shadow;
  private final TrustFeed feed;
  private final Jitter jitter;
  private final Consumer<List<Publication>> post;

  Steps(
      Database database,
      RotationSettings settings,
      RotationShadow shadow,
      TrustFeed feed,
      Jitter jitter,
      Consumer<List<Publication>> post) {
    this.database = database;
    this.settings = settings;
    this.shadow = shadow;
    this.feed = feed;
    this.jitter = jitter;
    this.post = post;
  }

  /**
   * What a step did.
   *
   * @param retires whether certificates were revoked, which the gates must hear of
   */
  private record Done(boolean retires, List<Publication> publications) {
    static final Done NOTHING = new Done(false, List.of());
  }

  /** Does what is to be done by now, some of it. */
  void tick(Instant now) {
    var revoked = database.read(handle -> RotationTable.ofRevoked(handle, STEPS_MAX));
    each(revoked, (handle, one) -> stuck(handle, one, Ends.REVOKED, now));
    each(ripe(RotationState.PROVEN, now), (handle, one) -> proven(handle, one, now));
    each(ripe(RotationState.ISSUED, now), (handle, one) -> issued(handle, one, now));
    each(ripe(RotationState.ASKED, now), (handle, one) -> asked(handle, one, now));
    each(ripe(RotationState.DUE, now), (handle, one) -> ask(handle, one, now));
    database.change(handle -> RotationTable.forget(handle, now.minus(KEPT), STEPS_MAX));
  }

  private List<RotationRecord> ripe(RotationState state, Instant now) {
    return database.read(handle -> RotationTable.ripe(handle, state, now, STEPS_MAX));
  }

  private void each(List<RotationRecord> some, BiFunction<Handle, RotationRecord, Done> step) {
    for (var one : some) {
      var done =
          database.write(
              handle -> {
                if (one.state() != RotationState.DUE) {
                  // First, as whoever issues does, so that nobody waits crosswise.
                  LedgerStore.lock(handle);
                }
                var result = step.apply(handle, one);
                if (result.retires()) {
                  feed.note(handle, List.of(one.principal()));
                }
                return result;
              });
      if (done.retires()) {
        feed.publish(List.of(one.principal()));
      }
      post.accept(done.publications());
    }
  }

  /** Asks, or asks again with the same nonce. */
  private Done ask(Handle handle, RotationRecord one, Instant now) {
    if (!isActive(handle, one.principal())) {
      // In quarantine nothing reaches it; afterwards it goes on.
      RotationTable.later(handle, one, now.plus(ABSENCE));
      return Done.NOTHING;
    }
    var times = one.asks() + 1;
    var again = new RotationCase.Asked(now, times);
    var next = again.next(settings.rules(), one.principal().value(), jitter).at();
    var soonest = next.isBefore(one.rotateBy()) ? next : one.rotateBy();
    if (!RotationTable.asked(handle, one, now, soonest.isAfter(now) ? soonest : next)) {
      return Done.NOTHING;
    }
    var first = one.askedAt();
    var wanted = new Desired(one.nonce(), first == null ? now : first, one.rotateBy(), null, null);
    return new Done(false, shadow.desire(handle, now, one.principal(), wanted));
  }

  private Done asked(Handle handle, RotationRecord one, Instant now) {
    if (!now.isBefore(one.rotateBy())) {
      return stuck(handle, one, Ends.NO_ANSWER, now);
    }
    return ask(handle, one, now);
  }

  /** The time for a proof is over, or the device says that it cannot use what it has. */
  private Done issued(Handle handle, RotationRecord one, Instant now) {
    boolean failed = one.why().equals(Ends.FAILED);
    if (one.cause().equals(RotationRecord.BY_DEVICE) && !failed) {
      // Nobody asked it, so nobody knows when it will take what it made.
      return untilTheEnd(handle, one, now);
    }
    return fallBack(handle, one, failed ? Ends.FAILED : Ends.UNPROVEN, now);
  }

  /** The grace is over: the old one ends, unless the device has come back with it. */
  private Done proven(Handle handle, RotationRecord one, Instant now) {
    var successor = one.successor();
    if (successor == null) {
      throw new IllegalStateException("proven without a certificate: " + one.nonce());
    }
    if (one.isBack()) {
      return fallBack(handle, one, Ends.FELL_BACK, now);
    }
    if (!CertificateFacts.isActive(handle, one.principal(), successor)) {
      return stuck(handle, one, Ends.EXPIRED, now);
    }
    return RotationTable.end(handle, one, RotationState.RETIRED, "", now)
        ? retire(handle, one, successor, RevocationReason.SUPERSEDED, now)
        : Done.NOTHING;
  }

  /** The new one is withdrawn, as long as the old one is one to fall back to. */
  private Done fallBack(Handle handle, RotationRecord one, String why, Instant now) {
    if (!CertificateFacts.isActive(handle, one.principal(), one.old())
        || one.oldNotAfter().isBefore(now.plus(FALLBACK_MIN))) {
      return untilTheEnd(handle, one, now);
    }
    if (!RotationTable.end(handle, one, RotationState.STUCK, why, now)) {
      return Done.NOTHING;
    }
    tellStuck(handle, one, why, now);
    return retire(handle, one, one.old(), RevocationReason.CESSATION_OF_OPERATION, now);
  }

  /** The old one ends by itself: nothing is withdrawn from a device that may have nothing else. */
  private Done untilTheEnd(Handle handle, RotationRecord one, Instant now) {
    if (CertificateFacts.isActive(handle, one.principal(), one.old())
        && now.isBefore(one.oldNotAfter())) {
      RotationTable.later(handle, one, one.oldNotAfter());
      return Done.NOTHING;
    }
    var successor = one.successor();
    if (successor != null && CertificateFacts.isActive(handle, one.principal(), successor)) {
      RotationTable.end(handle, one, RotationState.RETIRED, Ends.EXPIRED, now);
      return new Done(false, shadow.desire(handle, now, one.principal(), null));
    }
    return stuck(handle, one, Ends.EXPIRED, now);
  }

  private Done stuck(Handle handle, RotationRecord one, String why, Instant now) {
    if (!RotationTable.end(handle, one, RotationState.STUCK, why, now)) {
      return Done.NOTHING;
    }
    if (why.equals(Ends.REVOKED)) {
      // That is no alarm, and its shadow takes nothing any more.
      return Done.NOTHING;
    }
    tellStuck(handle, one, why, now);
    return new Done(false, shadow.desire(handle, now, one.principal(), null));
  }

  private Done retire(
      Handle handle, RotationRecord one, Fingerprint kept, RevocationReason reason, Instant now) {
    var serials =
        Certificates.revokeOthers(handle, PrincipalKind.DEVICE, one.principal(), kept, reason, now);
    if (!serials.isEmpty()) {
      var facts = new TreeMap<String, String>();
      facts.put("serials", serials.stream().map(Serial::hex).collect(Collectors.joining(",")));
      facts.put("reason", reason.word());
      facts.put("kept", kept.hex());
      facts.put("cause", one.cause());
      LedgerStore.append(
          handle,
          SecurityEvent.of(
              now, EventType.CERTIFICATE_RETIRED, "system", one.principal().value(), facts));
    }
    return new Done(!serials.isEmpty(), shadow.desire(handle, now, one.principal(), null));
  }

  private static void tellStuck(Handle handle, RotationRecord one, String why, Instant now) {
    LedgerStore.append(
        handle,
        SecurityEvent.of(
            now,
            EventType.ROTATION_STUCK,
            "system",
            one.principal().value(),
            Map.of("reason", why, "asks", Integer.toString(one.asks()), "cause", one.cause())));
  }

  private static boolean isActive(Handle handle, PrincipalId device) {
    return Principals.standing(handle, PrincipalKind.DEVICE, device)
        .equals(Optional.of(Standing.ACTIVE));
  }
}
