package io.sallyport.exchange.upstream;

import io.sallyport.exchange.Authority;
import io.sallyport.exchange.ExchangeLimits;
import java.util.function.LongSupplier;

/** What every session uses. */
record Facilities(
    UpstreamSettings settings,
    ExchangeLimits limits,
    Authority authority,
    Packets packets,
    Brokers brokers,
    Wires wires,
    Footprints footprints,
    Counters counters,
    Refusals refusals,
    LongSupplier nanos) {}
