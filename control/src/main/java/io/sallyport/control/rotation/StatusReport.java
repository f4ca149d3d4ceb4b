package io.sallyport.control.rotation;

import io.sallyport.control.rotation.RotationStatus.WaveStatus;
import io.sallyport.control.rotation.RotationTable.Count;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Puts together how far rotation is. */
final class StatusReport {
  // Bound: waves that are shown.
  private static final int WAVES_MAX = 50;

  private StatusReport() {}

  static RotationStatus of(Handle handle, RotationSettings settings, Instant now) {
    var counts = RotationTable.counts(handle);
    var held = WaveTable.pace(handle, settings.pace());
    var waves = new ArrayList<WaveStatus>();
    for (var wave : WaveTable.newest(handle, WAVES_MAX)) {
      waves.add(
          new WaveStatus(
              wave.number(),
              wave.namedBy(),
              wave.devices(),
              wave.begunAt(),
              states(counts, one -> one.wave() == wave.number())));
    }
    var own = states(counts, one -> one.wave() == 0);
    long alone = own.values().stream().mapToLong(Long::longValue).sum();
    if (alone > 0) {
      waves.add(new WaveStatus(0, null, alone, null, own));
    }
    var stuck = new TreeMap<String, Long>();
    counts.stream()
        .filter(one -> one.state() == RotationState.STUCK)
        .forEach(one -> stuck.merge(one.why(), one.rotations(), Long::sum));
    var causes = new TreeMap<String, Long>();
    counts.stream()
        .filter(one -> one.state().isOpen())
        .forEach(one -> causes.merge(one.cause(), one.rotations(), Long::sum));
    long demanded = DemandTable.count(handle);
    var states = states(counts, _ -> true);
    return new RotationStatus(
        settings.enabled(),
        held.pace(),
        held.pausedBy(),
        held.pausedAt(),
        demanded,
        waves,
        states,
        stuck,
        causes,
        held.pace().paused() ? null : eta(settings, held, demanded, states, now));
  }

  private static @Nullable Instant eta(
      RotationSettings settings,
      WaveTable.Held held,
      long demanded,
      Map<RotationState, Long> states,
      Instant now) {
    long underWay =
        states.entrySet().stream()
            .filter(entry -> entry.getKey().isOpen())
            .mapToLong(Map.Entry::getValue)
            .sum();
    if (demanded + underWay == 0) {
      return null;
    }
    var waiting = (int) Math.min(Integer.MAX_VALUE, demanded);
    return now.plus(held.pace().eta(waiting, settings.pace())).plus(settings.rules().grace());
  }

  private static Map<RotationState, Long> states(List<Count> counts, Predicate<Count> which) {
    var states = new EnumMap<RotationState, Long>(RotationState.class);
    for (var state : RotationState.values()) {
      states.put(state, 0L);
    }
    counts.stream()
        .filter(which)
        .forEach(one -> states.merge(one.state(), one.rotations(), Long::sum));
    return states;
  }
}
