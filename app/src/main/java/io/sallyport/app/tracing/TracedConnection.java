package io.sallyport.app.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.sallyport.gateway.observation.ObservedConnection;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Turns what a connection does into steps of its trace. */
final class TracedConnection implements ObservedConnection {
  private static final AttributeKey<String> PRINCIPAL =
      AttributeKey.stringKey("sallyport.principal");
  private static final AttributeKey<String> LISTENER = AttributeKey.stringKey("sallyport.listener");
  private static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("client.address");
  private static final AttributeKey<Long> PORT = AttributeKey.longKey("client.port");
  private static final AttributeKey<Boolean> RESUMED = AttributeKey.booleanKey("tls.resumed");
  private static final AttributeKey<String> CLIENT_ID = AttributeKey.stringKey("mqtt.client_id");
  private static final AttributeKey<String> FILTER = AttributeKey.stringKey("mqtt.filter");
  private static final AttributeKey<String> TOPIC = AttributeKey.stringKey("mqtt.topic");
  private static final AttributeKey<Long> QOS = AttributeKey.longKey("mqtt.qos");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("mqtt.reason");
  private static final AttributeKey<Double> SECONDS =
      AttributeKey.doubleKey("sallyport.connection.seconds");

  private final OtlpTracing tracing;
  private final @Nullable SocketAddress from;
  private final String listener;
  private final long begunNanos;
  private String principal = "";

  // Used by the thread that makes spans only.
  private @Nullable SpanContext root;

  TracedConnection(OtlpTracing tracing, @Nullable SocketAddress from, String listener) {
    this.tracing = tracing;
    this.from = from;
    this.listener = listener;
    this.begunNanos = tracing.nowNanos();
  }

  @Nullable SpanContext root() {
    return root;
  }

  void root(SpanContext first) {
    root = first;
  }

  @Override
  public void handshake(
      @Nullable String who, boolean resumed, @Nullable String refusal, long nanos) {
    principal = who == null ? "" : who;
    offer("TLS handshake", common().put(RESUMED, resumed), refusal, nanos);
  }

  @Override
  public void connect(String clientId, @Nullable String refusal, long nanos) {
    offer("CONNECT", common().put(CLIENT_ID, clientId), refusal, nanos);
  }

  @Override
  public void subscribe(String filter, @Nullable String refusal, long nanos) {
    offer("SUBSCRIBE", common().put(FILTER, filter), refusal, nanos);
  }

  @Override
  public boolean samplesPublish() {
    return tracing.samplesPublish();
  }

  @Override
  public void publish(String topic, int qos, @Nullable String refusal, long nanos) {
    offer("PUBLISH", common().put(TOPIC, topic).put(QOS, (long) qos), refusal, nanos);
  }

  @Override
  public void disconnected(String reason) {
    double seconds = (tracing.nowNanos() - begunNanos) / 1e9;
    offer("DISCONNECT", common().put(REASON, reason).put(SECONDS, seconds), null, 0);
  }

  private void offer(String name, AttributesBuilder facts, @Nullable String refusal, long nanos) {
    tracing.offer(new Step(this, name, facts.build(), refusal, tracing.nowNanos(), nanos));
  }

  private AttributesBuilder common() {
    var facts = Attributes.builder().put(LISTENER, listener);
    if (!principal.isEmpty()) {
      facts.put(PRINCIPAL, principal);
    }
    if (from instanceof InetSocketAddress address) {
      facts.put(ADDRESS, address.getAddress().getHostAddress()).put(PORT, (long) address.getPort());
    }
    return facts;
  }
}
