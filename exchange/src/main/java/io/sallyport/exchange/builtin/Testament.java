package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Will;

/**
 * A will as it is kept: with its lifetime instead of the moment of its expiry, because it is not
 * published before it is due.
 *
 * @param message what is published; its expiry counts for nothing
 * @param delaySeconds how long after the connection's end
 * @param lifetimeMillis how long it lives once published, or {@link Message#NEVER}
 */
record Testament(Message message, long delaySeconds, long lifetimeMillis) {
  static Testament of(Will will, long nowMillis) {
    long expiresAt = will.message().expiresAtMillis();
    long lifetime = expiresAt == Message.NEVER ? Message.NEVER : Math.max(0, expiresAt - nowMillis);
    return new Testament(will.message(), will.delaySeconds(), lifetime);
  }

  /** The message as it is published now. */
  Message due(long nowMillis) {
    long expiresAt = lifetimeMillis == Message.NEVER ? Message.NEVER : nowMillis + lifetimeMillis;
    return new Message(
        message.publisher(),
        message.publisherClientId(),
        message.topic(),
        message.payload(),
        message.properties(),
        message.qos(),
        message.isRetain(),
        expiresAt);
  }
}
