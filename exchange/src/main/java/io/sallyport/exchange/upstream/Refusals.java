package io.sallyport.exchange.upstream;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that the broker refuses devices, not more often than somebody can read. */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

  private final LongSupplier nanos;
  private long lastNanos;
  private long silent;

  Refusals(LongSupplier nanos) {
    this.nanos = nanos;
    this.lastNanos = nanos.getAsLong() - PAUSE_NANOS;
  }

  synchronized void report(Brokers.Broker broker, String clientId, int code) {
    long now = nanos.getAsLong();
    if (now - lastNanos < PAUSE_NANOS) {
      silent++;
      return;
    }
    lastNanos = now;
    LOG.atWarn()
        .addKeyValue("broker", broker.address)
        .addKeyValue("client", clientId)
        .addKeyValue("code", code)
        .addKeyValue("unsaid", silent)
        .log("the broker refuses a CONNECT");
    silent = 0;
  }
}
