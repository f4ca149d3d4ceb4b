package io.sallyport.exchange.builtin;

import io.sallyport.exchange.ExchangeLimits;
import java.time.InstantSource;

/** What every part of one exchange shares. */
record Facilities(ExchangeLimits limits, Counters counters, Journal journal, InstantSource clock) {}
