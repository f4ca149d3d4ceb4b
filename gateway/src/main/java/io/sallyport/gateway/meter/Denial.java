package io.sallyport.gateway.meter;

import io.sallyport.exchange.Reason;
import io.sallyport.gateway.tls.HandshakeRefusal;
import java.util.Locale;

/** Why the gate says no: where, and a reason out of a bounded set; never a name from outside. */
public enum Denial {
  HANDSHAKE_NOT_TLS,
  HANDSHAKE_FAILED,
  HANDSHAKE_TIMEOUT,
  HANDSHAKE_FULL,
  HANDSHAKE_DISPLACED,
  HANDSHAKE_BANNED,
  HANDSHAKE_SOURCE_FULL,
  HANDSHAKE_TOO_FAST,
  HANDSHAKE_PROXY,
  HANDSHAKE_UNKNOWN_CA,
  HANDSHAKE_RETIRED_CA,
  HANDSHAKE_UNTRUSTED_PATH,
  HANDSHAKE_NAMES_NOBODY,
  HANDSHAKE_EXPIRED,
  HANDSHAKE_NOT_YET_VALID,
  HANDSHAKE_UNKNOWN_PRINCIPAL,
  HANDSHAKE_QUARANTINED,
  HANDSHAKE_REVOKED,
  CONNECT_MALFORMED,
  CONNECT_AUTHENTICATION_METHOD,
  CONNECT_CLIENT_ID,
  CONNECT_NOT_ACTIVE,
  CONNECT_CONNECTIONS,
  CONNECT_DRAINING,
  CONNECT_TRUST_STALE,
  CONNECT_POLICY,
  CONNECT_WILL,
  PUBLISH_RESERVED,
  PUBLISH_POLICY,
  PUBLISH_MESSAGE_RATE,
  PUBLISH_BYTE_RATE,
  SUBSCRIBE_INVALID,
  SUBSCRIBE_QUOTA,
  SUBSCRIBE_POLICY,
  RECEIVE_POLICY,
  PACKET_SIZE,
  PACKET_RECEIVE_MAXIMUM,
  PACKET_TOPIC,
  PACKET_QUOTA,
  PACKET_MALFORMED;

  private final String at;
  private final String reason;

  Denial() {
    var words = name().toLowerCase(Locale.ROOT);
    int split = words.indexOf('_');
    at = words.substring(0, split);
    reason = words.substring(split + 1);
  }

  /** What was denied: handshake, connect, publish, subscribe, receive or packet. */
  public String at() {
    return at;
  }

  /** Why, in a word. */
  public String reason() {
    return reason;
  }

  /** Why a packet ended its connection. */
  public static Denial of(Reason violation) {
    return switch (violation) {
      case PACKET_TOO_LARGE -> PACKET_SIZE;
      case RECEIVE_MAXIMUM_EXCEEDED -> PACKET_RECEIVE_MAXIMUM;
      case TOPIC_NAME_INVALID, TOPIC_FILTER_INVALID, TOPIC_ALIAS_INVALID -> PACKET_TOPIC;
      case QUOTA_EXCEEDED -> PACKET_QUOTA;
      default -> PACKET_MALFORMED;
    };
  }

  /** Why a certificate did not open the gate. */
  public static Denial of(HandshakeRefusal refusal) {
    return switch (refusal) {
      case UNKNOWN_CA -> HANDSHAKE_UNKNOWN_CA;
      case RETIRED_CA -> HANDSHAKE_RETIRED_CA;
      case UNTRUSTED_PATH -> HANDSHAKE_UNTRUSTED_PATH;
      case NAMES_NOBODY -> HANDSHAKE_NAMES_NOBODY;
      case EXPIRED -> HANDSHAKE_EXPIRED;
      case NOT_YET_VALID -> HANDSHAKE_NOT_YET_VALID;
      case UNKNOWN_PRINCIPAL -> HANDSHAKE_UNKNOWN_PRINCIPAL;
      case QUARANTINED -> HANDSHAKE_QUARANTINED;
      case REVOKED -> HANDSHAKE_REVOKED;
    };
  }
}
