package io.sallyport.control.rotation;

import io.sallyport.identity.rotation.Pace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far rotation is.
 *
 * @param pausedBy who paused it, {@code system} where too many failed; null if nobody did
 * @param demanded devices that an operator wants rotated and that are in no wave yet
 * @param waves the newest ones, the last first; number 0 are the devices that came by themselves
 * @param states how many rotations are in which state, of all waves that are remembered
 * @param stuck how many came to nothing, by the reason
 * @param causes how many are under way, by why they are
 * @param eta when the demanded and those under way are done at the soonest; null where nothing is
 *     to be done, or it is paused
 */
public record RotationStatus(
    boolean enabled,
    Pace pace,
    @Nullable String pausedBy,
    @Nullable Instant pausedAt,
    long demanded,
    List<WaveStatus> waves,
    Map<RotationState, Long> states,
    Map<String, Long> stuck,
    Map<String, Long> causes,
    @Nullable Instant eta) {
  public RotationStatus {
    waves = List.copyOf(waves);
    states = Map.copyOf(states);
    stuck = Map.copyOf(stuck);
    causes = Map.copyOf(causes);
  }

  /**
   * One wave.
   *
   * @param namedBy the operator who named its devices; null if the pace formed it
   * @param states how many of it are in which state
   */
  public record WaveStatus(
      long number,
      @Nullable String namedBy,
      long devices,
      @Nullable Instant begunAt,
      Map<RotationState, Long> states) {
    public WaveStatus {
      states = Map.copyOf(states);
    }
  }
}
