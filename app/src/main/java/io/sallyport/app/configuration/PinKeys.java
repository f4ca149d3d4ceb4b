package io.sallyport.app.configuration;

import java.time.Duration;
import java.util.List;

/** Keys of the server's pins, by which devices know it. */
public final class PinKeys {
  /** What happens to a server key that devices do not know. */
  public enum Pinning {
    ENFORCE,
    OFF
  }

  public static final Key<Pinning> PINS =
      Key.choice(
              "tls.pins",
              Pinning.class,
              Pinning.ENFORCE,
              "Whether a certificate whose key is in no deployed pin set is refused at start and"
                  + " reload (`enforce`), or shown with a warning in the log (`off`). It matters"
                  + " only once bundles with pins were handed out.")
          .live();
  public static final Key<Duration> WARN_BEFORE =
      Key.time(
              "pins.warn-before",
              "1d",
              "730d",
              "30d",
              "How long before a key that devices hold on to can no longer be served `ca pins`, the"
                  + " log and the metrics warn.")
          .live();

  static final List<Key<?>> ALL = List.of(PINS, WARN_BEFORE);

  private PinKeys() {}
}
