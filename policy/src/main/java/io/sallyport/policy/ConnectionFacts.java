package io.sallyport.policy;

import org.jspecify.annotations.Nullable;

/** What is known of the connection of a session; it does not change while the session lasts. */
public interface ConnectionFacts {
  /** Of somebody who is not connected, or of whom this is not known. */
  ConnectionFacts NONE = new Known(null, null, null, null);

  /** The address that the connection comes from. */
  @Nullable String sourceAddress();

  /** The host name that the client asked for in its TLS handshake. */
  @Nullable String domainName();

  /** The name of the listener that took it. */
  @Nullable String listenerName();

  /** Whether it is encrypted. */
  @Nullable Boolean secureTransport();

  /** Facts that are known already. */
  record Known(
      @Nullable String sourceAddress,
      @Nullable String domainName,
      @Nullable String listenerName,
      @Nullable Boolean secureTransport)
      implements ConnectionFacts {}
}
