package io.sallyport.firmware.manifest;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a device is and has when an image comes to it.
 *
 * @param name what it runs, which an image must be another version of
 * @param counter the highest security counter that was ever confirmed on it
 * @param installed what else is there, for dependencies
 * @param now the time, if the device has a clock that it trusts
 */
public record InstalledState(
    FirmwareName name,
    HardwareId hardware,
    long counter,
    Map<FirmwareName, FirmwareVersion> installed,
    Optional<Instant> now) {
  /** Copies the map. */
  public InstalledState {
    installed = Map.copyOf(installed);
  }
}
