/** Telemetry on its way, on disk until it is acknowledged. */
@NullMarked
package io.sallyport.agent.outbox;

import org.jspecify.annotations.NullMarked;
