package io.sallyport.gateway.connection;

/** How far a connection has come. */
enum Phase {
  /** TLS is not finished: nobody knows who it is. */
  HANDSHAKE,
  /** The certificate opened the first door; CONNECT must follow. */
  CONNECT,
  /** CONNECT was allowed, the exchange opens the session; packets wait. */
  OPENING,
  OPEN,
  /** It came to the EST door and speaks HTTP, or with a claim and speaks MQTT: it is nobody. */
  GUEST,
  /** Ended by us or by the client; whatever still arrives is dropped. */
  CLOSED
}
