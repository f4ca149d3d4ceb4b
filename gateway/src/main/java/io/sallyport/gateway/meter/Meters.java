package io.sallyport.gateway.meter;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** All measurements of the gate. */
public final class Meters {
  private final List<LoopMeters> loops = new CopyOnWriteArrayList<>();
  private final Map<Denial, LongAdder> denials = new EnumMap<>(Denial.class);

  /** Nothing was measured yet. */
  public Meters() {
    for (var denial : Denial.values()) {
      denials.put(denial, new LongAdder());
    }
  }

  /** The measurements of one more loop. */
  public LoopMeters ofLoop(LongSupplier nanos) {
    var loop = new LoopMeters(nanos);
    loops.add(loop);
    return loop;
  }

  /** Something was denied; from any thread. */
  public void denied(Denial why) {
    var count = denials.get(why);
    if (count != null) {
      count.increment();
    }
  }

  /** How often each thing was denied; also what never was. */
  public Map<Denial, Long> denials() {
    var sums = new EnumMap<Denial, Long>(Denial.class);
    denials.forEach((why, count) -> sums.put(why, count.sum()));
    return sums;
  }

  /** How long everything took. */
  public List<Distribution> distributions() {
    return Arrays.stream(Latency.values()).map(this::distribution).toList();
  }

  private Distribution distribution(Latency what) {
    var sum = new Distribution.Sum(what);
    loops.forEach(loop -> loop.addTo(sum, what));
    return sum.done();
  }
}
