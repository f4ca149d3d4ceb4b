package io.sallyport.control;

import io.sallyport.control.enforcement.ServerPins;
import io.sallyport.identity.PublicKeyHash;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys of a server that a test chooses. */
public final class RecordingPins implements ServerPins {
  private final List<PinnedKey> keys = new ArrayList<>();

  /** A hash that stands for a key. */
  public static PublicKeyHash key(int number) {
    return new PublicKeyHash("%064x".formatted(number));
  }

  /** From now on that key can be served until then. */
  public RecordingPins with(Use use, int key, @Nullable Instant certificate, Instant until) {
    keys.add(new PinnedKey(use, key(key), certificate, until));
    return this;
  }

  /** No key can be served any more. */
  public RecordingPins without() {
    keys.clear();
    return this;
  }

  @Override
  public Present present() {
    return new Present(List.copyOf(keys), Duration.ofDays(30), true);
  }
}
