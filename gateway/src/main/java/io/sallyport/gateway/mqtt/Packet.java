package io.sallyport.gateway.mqtt;

import io.sallyport.exchange.Subscription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The packets of a client that are rare enough to be objects. PUBLISH and the acknowledgements are
 * read in place ({@link PublishReader}, {@link PacketReader#acknowledged}).
 */
public sealed interface Packet {
  /**
   * CONNECT (MQTT 5, 3.1). User name and password are read and dropped: who somebody is stands in
   * the certificate.
   *
   * @param clientId as sent, empty if the server shall choose one
   * @param keepAliveSeconds 0 for none
   * @param sessionExpirySeconds as asked for; for MQTT 3.1.1, 0 with CleanSession and otherwise the
   *     longest there is
   * @param maximumPacketSize largest packet that the client takes
   * @param problemInformation whether reason strings may be sent with every packet
   * @param enhancedAuthentication whether an authentication method was named
   */
  record Connect(
      ProtocolVersion version,
      String clientId,
      boolean cleanStart,
      int keepAliveSeconds,
      long sessionExpirySeconds,
      int receiveMaximum,
      long maximumPacketSize,
      boolean problemInformation,
      boolean enhancedAuthentication,
      @Nullable WillPart will)
      implements Packet {}

  /** The Will of a CONNECT. Not a record: it is made of arrays. */
  final class WillPart {
    private final byte[] topic;
    private final byte[] payload;
    private final byte[] properties;
    private final int qos;
    private final boolean retain;
    private final long delaySeconds;
    private final long expirySeconds;

    WillPart(byte[] topic, byte[] payload, PropertyBlock properties, int qos, boolean retain) {
      this.topic = topic;
      this.payload = payload;
      this.properties = properties.travelling();
      this.qos = qos;
      this.retain = retain;
      this.delaySeconds = properties.number(PropertyBlock.WILL_DELAY, 0);
      this.expirySeconds = properties.number(PropertyBlock.MESSAGE_EXPIRY, -1);
    }

    public byte[] topic() {
      return topic;
    }

    public byte[] payload() {
      return payload;
    }

    /** The travelling properties in wire form. */
    public byte[] properties() {
      return properties;
    }

    public int qos() {
      return qos;
    }

    public boolean isRetain() {
      return retain;
    }

    public long delaySeconds() {
      return delaySeconds;
    }

    /** The message expiry interval, or -1 for none. */
    public long expirySeconds() {
      return expirySeconds;
    }
  }

  /** SUBSCRIBE; the filters are as sent, their syntax not yet judged. */
  record Subscribe(int packetId, List<Subscription> subscriptions) implements Packet {}

  /** UNSUBSCRIBE; the filters are as sent. */
  record Unsubscribe(int packetId, List<String> filters) implements Packet {}

  /**
   * DISCONNECT.
   *
   * @param withWill whether the will is published all the same
   * @param sessionExpirySeconds the new session expiry, or -1 to keep the old one
   */
  record Disconnect(boolean withWill, long sessionExpirySeconds) implements Packet {}
}
