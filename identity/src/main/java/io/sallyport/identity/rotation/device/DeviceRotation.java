package io.sallyport.identity.rotation.device;

import java.util.Optional;

/**
 * What a device must remember of its credentials: stored by the caller before any effect of the
 * step that made it.
 *
 * @param keys the credentials that there are
 * @param stage how far the next one is
 * @param next the number of the next key; none is ever used twice
 * @param done the last request that was fulfilled, or nothing
 */
public record DeviceRotation(Keyring keys, RotationStage stage, long next, Optional<Ask> done) {
  /** Refuses, with {@link IllegalArgumentException}, a state that no step leads to. */
  public DeviceRotation {
    var last =
        switch (stage) {
          case RotationStage.Making making -> making.generation();
          case RotationStage.Requesting requesting -> requesting.generation();
          case RotationStage.Idle _, RotationStage.Trying _, RotationStage.Proven _ ->
              keys.newest();
        };
    if (next <= last || last < keys.newest()) {
      throw new IllegalArgumentException("the numbers of keys are out of order");
    }
    if (stage instanceof RotationStage.Trying && keys.newestFirst().size() < 2) {
      throw new IllegalArgumentException("what is tried has another one behind it");
    }
  }

  /** A device as it was enrolled: its only credential has the number 0. */
  public static DeviceRotation enrolled() {
    return new DeviceRotation(Keyring.of(0), new RotationStage.Idle(), 1, Optional.empty());
  }

  DeviceRotation at(RotationStage stage) {
    return new DeviceRotation(keys, stage, next, done);
  }

  DeviceRotation with(Keyring keys, RotationStage stage) {
    return new DeviceRotation(keys, stage, next, done);
  }
}
