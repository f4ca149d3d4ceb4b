package io.sallyport.conformance.architecture.planted.identity;

import java.time.Instant;

/** Public, so that other planted modules can depend on it. */
public final class ReadsClock {
  public Instant read() {
    return Instant.now();
  }
}
