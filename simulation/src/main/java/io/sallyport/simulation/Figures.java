package io.sallyport.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What came of it, in numbers. */
public final class Figures {
  private static final long WEEK = Duration.ofDays(7).toMillis();

  /**
   * One wave.
   *
   * @param day when it began, since the beginning
   * @param asked how many were asked
   * @param size how many could have been
   */
  public record WaveSize(long day, int asked, int size) {}

  private final List<Integer> provenByWeek = new ArrayList<>();
  private final List<WaveSize> waves = new ArrayList<>();
  private final List<Long> pauseDays = new ArrayList<>();
  private final List<Long> hoursToProof = new ArrayList<>();
  long proven;
  long renewed;
  long withdrawn;
  long expired;
  long beyond;
  long reboots;
  long revoked;
  long happened;

  void proven(long now, Account account) {
    int week = (int) (now / WEEK);
    while (provenByWeek.size() <= week) {
      provenByWeek.add(0);
    }
    provenByWeek.set(week, provenByWeek.get(week) + 1);
    proven++;
    if (account.askedFirst != Account.NEVER) {
      hoursToProof.add(Duration.ofMillis(now - account.askedFirst).toHours());
    }
  }

  void wave(long now, int asked, int size) {
    waves.add(new WaveSize(Duration.ofMillis(now).toDays(), asked, size));
  }

  void paused(long now) {
    pauseDays.add(Duration.ofMillis(now).toDays());
  }

  /** How many rotations were proven, by week. */
  public List<Integer> provenByWeek() {
    return List.copyOf(provenByWeek);
  }

  /** The waves, in their order. */
  public List<WaveSize> waves() {
    return List.copyOf(waves);
  }

  /** The days on which the fleet's rotation paused itself. */
  public List<Long> pauseDays() {
    return List.copyOf(pauseDays);
  }

  /** Which rotations took up to how many hours from being asked first: at that share of them. */
  public long hoursToProof(double share) {
    var sorted = hoursToProof.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get((int) ((sorted.size() - 1) * share));
  }

  /** How many rotations were proven. */
  public long proven() {
    return proven;
  }

  /** How many certificates were issued at the door for expired ones. */
  public long renewed() {
    return renewed;
  }

  /** How many certificates were withdrawn, never connected with. */
  public long withdrawn() {
    return withdrawn;
  }

  /** How many certificates expired while they were in use. */
  public long expired() {
    return expired;
  }

  /** How many devices were away for longer than the door for expired certificates waits. */
  public long beyond() {
    return beyond;
  }

  /** How often the power failed between two steps. */
  public long reboots() {
    return reboots;
  }

  /** How many devices an operator revoked. */
  public long revoked() {
    return revoked;
  }

  /** How many things happened altogether. */
  public long happened() {
    return happened;
  }
}
