package io.sallyport.exchange;

import io.sallyport.identity.PrincipalId;
import java.nio.charset.StandardCharsets;

/**
 * One application message, immutable once built; its arrays are shared and must not be written to.
 * A class and not a record, because it is made of arrays and made for every PUBLISH.
 */
public final class Message {
  /** No message expiry interval. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final byte[] NONE = new byte[0];

  private final PrincipalId publisher;
  private final String publisherClientId;
  private final byte[] topic;
  private final byte[] payload;
  private final byte[] properties;
  private final int qos;
  private final boolean retain;
  private final long expiresAtMillis;

  /**
   * Takes the arrays as they are.
   *
   * @param publisher who wrote it, from the certificate
   * @param publisherClientId the client id it came in on, for No Local
   * @param topic the topic name in UTF-8, without wildcards
   * @param payload the application payload, never looked into
   * @param properties the MQTT 5 PUBLISH properties that travel unchanged, in wire form without
   *     their length: payload format, content type, response topic, correlation data, user
   *     properties
   * @param qos 0, 1 or 2, as published
   * @param retain the RETAIN flag as published
   * @param expiresAtMillis when it dies, in milliseconds since the epoch, or {@link #NEVER}
   */
  public Message(
      PrincipalId publisher,
      String publisherClientId,
      byte[] topic,
      byte[] payload,
      byte[] properties,
      int qos,
      boolean retain,
      long expiresAtMillis) {
    this.publisher = publisher;
    this.publisherClientId = publisherClientId;
    this.topic = topic;
    this.payload = payload;
    this.properties = properties.length == 0 ? NONE : properties;
    this.qos = qos;
    this.retain = retain;
    this.expiresAtMillis = expiresAtMillis;
  }

  public PrincipalId publisher() {
    return publisher;
  }

  public String publisherClientId() {
    return publisherClientId;
  }

  /** The topic name in UTF-8; not to be written to. */
  public byte[] topic() {
    return topic;
  }

  /** The topic name as text, for slow paths. */
  public String topicText() {
    return new String(topic, StandardCharsets.UTF_8);
  }

  /** The payload; not to be written to. */
  public byte[] payload() {
    return payload;
  }

  /** The travelling MQTT 5 properties in wire form; not to be written to. */
  public byte[] properties() {
    return properties;
  }

  public int qos() {
    return qos;
  }

  public boolean isRetain() {
    return retain;
  }

  /** Milliseconds since the epoch, or {@link #NEVER}. */
  public long expiresAtMillis() {
    return expiresAtMillis;
  }

  /** What it counts against byte bounds: topic, payload, properties and a fixed overhead. */
  public int weight() {
    return topic.length + payload.length + properties.length + 64;
  }

  @Override
  public String toString() {
    return "Message[" + topicText() + ", " + payload.length + " bytes, QoS " + qos + "]";
  }
}
