package io.sallyport.app.tracing;

import io.opentelemetry.api.common.Attributes;
import org.jspecify.annotations.Nullable;

/**
 * One step of a connection's life.
 *
 * @param endNanos when it ended, since the epoch
 * @param nanos how long it took
 * @param refusal why the answer was no, or null
 */
record Step(
    TracedConnection connection,
    String name,
    Attributes attributes,
    @Nullable String refusal,
    long endNanos,
    long nanos) {}
