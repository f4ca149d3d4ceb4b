package io.sallyport.policy.mosquitto;

/** What Mosquitto asks its ACL file about. */
public enum Access {
  /** The delivery of a message. */
  READ,
  /** A PUBLISH, or a Will when it is sent. */
  WRITE,
  /** A SUBSCRIBE, which no ACL file can refuse. */
  SUBSCRIBE
}
