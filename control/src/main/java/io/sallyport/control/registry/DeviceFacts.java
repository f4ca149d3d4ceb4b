package io.sallyport.control.registry;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What operators call a principal and what it runs, for the condition keys {@code
 * sallyport:DeviceTag/…}, {@code sallyport:FirmwareVersion} and {@code sallyport:Attested}; what is
 * not known is null, never a guess.
 *
 * @param firmwareVersion the version of its firmware
 * @param attested whether it has proved what it runs
 * @param attestedUntil until when its evidence counts; null where an operator said so, whose word
 *     does not age
 * @param tags the tags that operators gave it
 */
public record DeviceFacts(
    @Nullable String firmwareVersion,
    @Nullable Boolean attested,
    @Nullable Instant attestedUntil,
    Map<String, String> tags) {
  /** Of somebody of whom nothing was recorded. */
  public static final DeviceFacts UNKNOWN = new DeviceFacts(null, null, null, Map.of());

  public DeviceFacts {
    tags = Map.copyOf(tags);
  }

  /** Whether it counts as attested at that moment: evidence that is too old is none. */
  public @Nullable Boolean attestedAt(Instant moment) {
    return (attestedUntil == null || moment.isBefore(attestedUntil)) ? attested : Boolean.FALSE;
  }
}
