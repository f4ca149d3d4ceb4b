package io.sallyport.gateway.trust;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a device runs and what operators call it; what is not known is null, never a guess.
 *
 * @param firmwareVersion the version of its firmware
 * @param attested whether it has proved what it runs
 * @param tags the tags that operators gave it
 */
public record DeviceState(
    @Nullable String firmwareVersion, @Nullable Boolean attested, Map<String, String> tags) {
  /** Of a device that has said nothing. */
  public static final DeviceState UNKNOWN = new DeviceState(null, null, Map.of());

  public DeviceState {
    tags = Map.copyOf(tags);
  }
}
