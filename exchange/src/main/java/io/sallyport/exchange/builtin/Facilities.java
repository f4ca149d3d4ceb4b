package io.sallyport.exchange.builtin;

import io.sallyport.exchange.ExchangeLimits;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What every part of one exchange shares.
 *
 * @param inForce the limits, asked again each time, because they may be changed
 */
record Facilities(
    Supplier<ExchangeLimits> inForce, Counters counters, Journal journal, InstantSource clock) {
  ExchangeLimits limits() {
    return inForce.get();
  }
}
