package io.sallyport.control.rotation;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.rotation.Candidates.Candidate;
import io.sallyport.control.rotation.WaveTable.Held;
import io.sallyport.control.rotation.WaveTable.Wave;
import io.sallyport.control.store.Database;
import io.sallyport.identity.rotation.Jitter;
import io.sallyport.identity.rotation.Pace;
import io.sallyport.identity.rotation.RotationCause;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Puts devices into waves: as many at a time as the pace allows, each at a moment of its own. */
final class Waves {
  // Bound: devices of an order that are demanded in one transaction, and in one go.
  private static final int ORDER_PAGE = 1_000;
  private static final int ORDER_PAGES = 20;

  private final Database database;
  private final RotationSettings settings;
  private final Candidates candidates;
  private final Jitter jitter;
  private final Supplier<String> nonces;

  Waves(Database database, RotationSettings settings, Jitter jitter, Supplier<String> nonces) {
    this.database = database;
    this.settings = settings;
    this.jitter = jitter;
    this.nonces = nonces;
    this.candidates = new Candidates(settings.rules(), jitter);
  }

  /** Forms the next wave, if it is time for one. */
  void tick(Instant now) {
    for (int page = 0; page < ORDER_PAGES && carryOut(); page++) {}
    database.change(handle -> form(handle, now));
  }

  private boolean carryOut() {
    if (database.read(DemandTable::first).isEmpty()) {
      return false;
    }
    return database.write(
        handle -> {
          WaveTable.lock(handle, settings.pace());
          var order = DemandTable.first(handle);
          order.ifPresent(one -> DemandTable.carryOut(handle, one, ORDER_PAGE));
          return order.isPresent();
        });
  }

  private void form(Handle handle, Instant now) {
    var rules = settings.pace();
    WaveTable.lock(handle, rules);
    DemandTable.settle(handle);
    var held = WaveTable.pace(handle, rules);
    var last = WaveTable.last(handle).orElse(null);
    var pace = held.pace();
    if (last != null) {
      var outcome = WaveTable.outcome(handle, last);
      if (pace.during(outcome, rules).paused() && !pace.paused()) {
        pause(handle, pace.during(outcome, rules), "system", now);
        LedgerStore.append(
            handle,
            SecurityEvent.of(
                now,
                EventType.ROTATION_PAUSED,
                "system",
                "wave " + last.number(),
                Map.of(
                    "failed", Integer.toString(outcome.failed()),
                    "of", Integer.toString(outcome.settled()))));
        return;
      }
      if (!pace.isNext(outcome, last.begunAt(), now, rules)) {
        return;
      }
      pace = pace.after(outcome, rules);
    }
    if (pace.paused()) {
      return;
    }
    var next = candidates.next(handle, settings.enabled(), pace.size(), now);
    if (!next.isEmpty()) {
      begin(handle, next, null, rules.every(), now);
      WaveTable.pace(handle, new Held(pace, null, null));
    }
  }

  /**
   * No wave follows until somebody says so, and whom one has taken and not asked waits again: a
   * pause that comes in the first minutes of a big wave spares the rest of it.
   */
  static void pause(Handle handle, Pace pace, String by, Instant now) {
    WaveTable.pace(handle, new Held(new Pace(pace.size(), true), by, now));
    for (var one : RotationTable.unasked(handle)) {
      if (RotationTable.giveBack(handle, one)) {
        WaveTable.without(handle, one.wave());
        if (one.cause().equals(Candidates.word(RotationCause.DEMAND))) {
          DemandTable.demand(handle, one.principal(), one.rotateBy(), one.dueAt());
        }
      }
    }
  }

  /**
   * A wave of those whom an operator names: at once, whatever the pace.
   *
   * @return whom it took: who is unknown, not active, or rotating already is left out
   */
  List<String> name(
      Handle handle, List<String> ids, @Nullable Instant rotateBy, String actor, Instant now) {
    WaveTable.lock(handle, settings.pace());
    var some = candidates.named(handle, ids, rotateBy, now);
    if (!some.isEmpty()) {
      begin(handle, some, actor, Duration.ZERO, now);
    }
    return some.stream().map(one -> one.device().value()).toList();
  }

  private void begin(
      Handle handle,
      List<Candidate> devices,
      @Nullable String namedBy,
      Duration spread,
      Instant now) {
    long number = WaveTable.next(handle);
    WaveTable.insert(handle, new Wave(number, namedBy, devices.size(), now));
    for (var one : devices) {
      var life = one.life();
      var wanted = one.rotateBy();
      var rotateBy =
          wanted == null || !wanted.isAfter(now)
              ? settings.rules().rotateBy(life, now)
              : min(wanted, life.notAfter());
      var occasion = (int) number;
      RotationTable.insert(
          handle,
          nonces.get(),
          one.device(),
          number,
          one.cause(),
          one.certificate(),
          life.notAfter(),
          rotateBy,
          now.plus(jitter.within(half(spread), one.device().value(), occasion)),
          now);
    }
    DemandTable.settle(handle);
  }

  /** So that the last of a wave have time to answer before the next one. */
  private static Duration half(Duration spread) {
    return spread.dividedBy(2);
  }

  private static Instant min(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
