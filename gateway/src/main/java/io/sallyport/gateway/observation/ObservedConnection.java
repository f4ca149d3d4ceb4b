package io.sallyport.gateway.observation;

import org.jspecify.annotations.Nullable;

/**
 * Told of one connection's life, step by step, when each has ended. A refusal is null where the
 * answer was yes. Nothing that it is told is a secret: no password, no key, no payload.
 */
public interface ObservedConnection {
  /** The handshake ended; the principal is who the certificate names, if it is known. */
  void handshake(@Nullable String principal, boolean resumed, @Nullable String refusal, long nanos);

  /** A CONNECT was decided. */
  void connect(String clientId, @Nullable String refusal, long nanos);

  /** A filter was decided. */
  void subscribe(String filter, @Nullable String refusal, long nanos);

  /** Whether it wants to be told of this PUBLISH. */
  boolean samplesPublish();

  /** A PUBLISH was decided, and handed to the exchange if it was allowed. */
  void publish(String topic, int qos, @Nullable String refusal, long nanos);

  /** The connection ended, and why. */
  void disconnected(String reason);
}
