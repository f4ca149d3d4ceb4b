package io.sallyport.app.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.sallyport.app.process.Version;
import java.util.concurrent.TimeUnit;

/**
 * Makes spans of steps. The first step of a connection is the root of its trace and all others are
 * its children, so that no span stays open for as long as a device stays connected.
 */
final class Spans {
  // Bound: a name from outside may be as long as MQTT lets it be.
  private static final int VALUE_MAX = 1_024;

  private final Tracer tracer =
      SdkTracerProvider.builder()
          .setResource(
              Resource.getDefault().toBuilder()
                  .put("service.name", "sallyport")
                  .put("service.version", Version.TEXT)
                  .build())
          .setSpanLimits(SpanLimits.builder().setMaxAttributeValueLength(VALUE_MAX).build())
          .build()
          .get("io.sallyport.gateway", Version.TEXT);

  SpanData of(Step step) {
    var connection = step.connection();
    var root = connection.root();
    var builder =
        tracer
            .spanBuilder(step.name())
            .setSpanKind(SpanKind.SERVER)
            .setStartTimestamp(step.endNanos() - step.nanos(), TimeUnit.NANOSECONDS)
            .setAllAttributes(step.attributes());
    if (root == null) {
      builder.setNoParent();
    } else {
      builder.setParent(Context.root().with(Span.wrap(root)));
    }
    var span = builder.startSpan();
    if (root == null) {
      connection.root(span.getSpanContext());
    }
    var refusal = step.refusal();
    if (refusal != null) {
      span.setStatus(StatusCode.ERROR, refusal);
    }
    span.end(step.endNanos(), TimeUnit.NANOSECONDS);
    return ((ReadableSpan) span).toSpanData();
  }
}
