package io.sallyport.control.shadow;

import java.time.Instant;

/** One named shadow, without what it holds. */
public record ShadowSummary(String name, long version, Instant changedAt) {}
