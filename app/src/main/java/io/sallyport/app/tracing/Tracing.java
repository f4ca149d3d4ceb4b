package io.sallyport.app.tracing;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.OperationKeys;
import io.sallyport.app.process.Machine;
import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.gateway.observation.ConnectionObserver;
import org.jspecify.annotations.Nullable;

/** Traces of connections on their way to a collector. */
public interface Tracing extends ConnectionObserver, MetricsSource, AutoCloseable {
  /** What is configured; nothing, and no class of OpenTelemetry loaded, where no endpoint is. */
  static @Nullable Tracing of(Configuration configuration, Machine machine) {
    return configuration.get(OperationKeys.TRACING_ENDPOINT).isEmpty()
        ? null
        : new OtlpTracing(CollectorSettings.of(configuration), machine);
  }

  /** Sends what waits, for a bounded time, and ends. */
  @Override
  void close();
}
