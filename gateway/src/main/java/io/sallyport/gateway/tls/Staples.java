package io.sallyport.gateway.tls;

import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The status of each certificate that is shown, ready before anybody asks: no handshake waits for
 * one, and one that has ended is left away.
 */
public final class Staples {
  private final InstantSource clock;
  private final LongAdder shown = new LongAdder();
  private final LongAdder missing = new LongAdder();
  private volatile Map<X509Certificate, Staple> ready = Map.of();

  public Staples(InstantSource clock) {
    this.clock = clock;
  }

  /** These are shown from the next handshake on, each with its certificate, and no others. */
  public void show(Map<X509Certificate, Staple> staples) {
    ready = Map.copyOf(staples);
  }

  /** What goes with a certificate now; null for nothing. */
  byte @Nullable [] of(X509Certificate leaf) {
    var staple = ready.get(leaf);
    if (staple == null || !staple.holds(clock.instant())) {
      missing.increment();
      return null;
    }
    shown.increment();
    return staple.answer();
  }

  /** How often it was shown to somebody who asked. */
  public long shown() {
    return shown.sum();
  }

  /** How often somebody asked, and there was none. */
  public long missing() {
    return missing.sum();
  }
}
