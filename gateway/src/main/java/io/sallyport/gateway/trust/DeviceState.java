package io.sallyport.gateway.trust;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a device runs and what operators call it; what is not known is null, never a guess.
 *
 * @param firmwareVersion the version of its firmware
 * @param attested whether it has proved what it runs
 * @param attestedUntil until when that counts; null if for as long as it is said
 * @param tags the tags that operators gave it
 */
public record DeviceState(
    @Nullable String firmwareVersion,
    @Nullable Boolean attested,
    @Nullable Instant attestedUntil,
    Map<String, String> tags) {
  /** Of a device that has said nothing. */
  public static final DeviceState UNKNOWN = new DeviceState(null, null, null, Map.of());

  public DeviceState {
    tags = Map.copyOf(tags);
  }

  /** Whether it counts as attested at that moment: evidence that is too old is none. */
  public @Nullable Boolean attestedAt(Instant moment) {
    return (attestedUntil == null || moment.isBefore(attestedUntil)) ? attested : Boolean.FALSE;
  }
}
