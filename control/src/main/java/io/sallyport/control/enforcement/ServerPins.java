package io.sallyport.control.enforcement;

import io.sallyport.identity.PublicKeyHash;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The keys that devices may know the server of this process by. */
@FunctionalInterface
public interface ServerPins {
  /** Nothing is shown, so there is nothing to know. */
  ServerPins NONE = () -> new Present(List.of(), Duration.ZERO, false);

  /** What a key is for. */
  enum Use {
    /** Of the certificate that devices are shown. */
    SERVER,
    /** Of its issuer. */
    ISSUER,
    /** Of no certificate yet: it takes the place of the server's when that is lost. */
    BACKUP;

    /** The word in tables and JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One key that can be served now or later.
   *
   * @param certificateUntil when the certificate that shows it now ends; null if none does
   * @param servableUntil from when on no valid certificate can show it any more
   */
  record PinnedKey(
      Use use, PublicKeyHash key, @Nullable Instant certificateUntil, Instant servableUntil) {}

  /**
   * What holds now.
   *
   * @param warnBefore how long before the end of a key somebody wants to know of it
   * @param enforced whether a key that devices do not know is refused
   */
  record Present(List<PinnedKey> keys, Duration warnBefore, boolean enforced) {
    public Present {
      keys = List.copyOf(keys);
    }
  }

  /** What holds at this moment. */
  Present present();
}
