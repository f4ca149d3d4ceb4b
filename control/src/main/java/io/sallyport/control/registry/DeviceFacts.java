package io.sallyport.control.registry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What operators call a principal and what it runs, for the condition keys {@code
 * sallyport:DeviceTag/…}, {@code sallyport:FirmwareVersion} and {@code sallyport:Attested}; what is
 * not known is null, never a guess.
 *
 * @param firmwareVersion the version of its firmware
 * @param attested whether it has proved what it runs
 * @param tags the tags that operators gave it
 */
public record DeviceFacts(
    @Nullable String firmwareVersion, @Nullable Boolean attested, Map<String, String> tags) {
  /** Of somebody of whom nothing was recorded. */
  public static final DeviceFacts UNKNOWN = new DeviceFacts(null, null, Map.of());

  public DeviceFacts {
    tags = Map.copyOf(tags);
  }
}
