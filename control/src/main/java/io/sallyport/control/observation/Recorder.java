package io.sallyport.control.observation;

import static java.util.Objects.requireNonNull;

import io.sallyport.control.enforcement.Watch;
import io.sallyport.control.schedule.Rounds;
import io.sallyport.control.store.Database;
import io.sallyport.policy.Right;
import io.sallyport.policy.activity.Activity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what was seen to the registry, now and then and at the end. What came since the last time
 * is lost when the process is killed, and that time is not claimed to have been watched.
 */
public final class Recorder implements AutoCloseable {
  /** How long what nobody does any more is remembered. */
  public static final Duration KEPT = Duration.ofDays(90);

  // Bound: principals in one transaction, so that a revocation waits shortly.
  private static final int PRINCIPALS = 100;

  private static final int PRUNED_EVERY = 60;
  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

  private final Database database;
  private final Watch watch;
  private final InstantSource clock;
  private final Rounds timer = new Rounds("recorder");

  // Both used by one thread at a time only: what could not be written is tried again.
  private final Set<Right> used = new HashSet<>();
  private long period;
  private boolean begun;
  private int rounds;

  /** A recorder that has not begun. */
  public Recorder(Database database, Watch watch, InstantSource clock) {
    this.database = database;
    this.watch = watch;
    this.clock = clock;
  }

  /** Records from now on. */
  public void begin(Duration every) {
    flush();
    timer.every(every, every, "recording what was seen", this::flush);
  }

  /** Writes what was seen since the last time. */
  public synchronized void flush() {
    try {
      var now = clock.instant();
      used.addAll(watch.usage());
      database.change(handle -> UsageTable.put(handle, used, now));
      used.clear();
      write(watch.activity(), now);
      // Last: only what was written was watched.
      if (begun) {
        database.change(handle -> UsageTable.extend(handle, period, now));
      } else {
        period = database.write(handle -> UsageTable.begin(handle, now));
        begun = true;
      }
      prune(now);
    } catch (RuntimeException e) {
      // What was seen of activity is lost with it, so what follows is another period.
      begun = false;
      LOG.atError().setMessage("what was seen cannot be written").setCause(e).log();
    }
  }

  private void write(List<Activity> activity, Instant now) {
    var byPrincipal =
        activity.stream().collect(Collectors.groupingBy(Activity::principal)).entrySet().stream()
            .toList();
    for (int from = 0; from < byPrincipal.size(); from += PRINCIPALS) {
      var some = byPrincipal.subList(from, Math.min(from + PRINCIPALS, byPrincipal.size()));
      var principals = new HashSet<String>();
      var all = new ArrayList<Activity>();
      some.forEach(
          entry -> {
            principals.add(entry.getKey());
            all.addAll(entry.getValue());
          });
      database.change(
          handle -> {
            var merges = ActivityMerge.of(principals, ActivityTable.of(handle, principals));
            all.forEach(one -> requireNonNull(merges.get(one.principal())).add(one, now));
            merges.values().forEach(ActivityMerge::bound);
            for (var merge : merges.values()) {
              ActivityTable.delete(handle, merge.gone());
              ActivityTable.put(handle, merge.changed());
            }
          });
    }
  }

  private void prune(Instant now) {
    if (rounds++ % PRUNED_EVERY == 0) {
      var before = now.minus(KEPT);
      database.change(
          handle -> {
            ActivityTable.prune(handle, before);
            UsageTable.prune(handle, before);
          });
    }
  }

  /** Writes what was seen to the end. */
  @Override
  public void close() {
    timer.close();
    flush();
  }
}
