package io.sallyport.gateway.connection;

import java.time.Duration;

/**
 * What a client may ask of the protocol; what MQTT 5 has a property for is announced in CONNACK.
 *
 * @param maximumPacketSize largest packet taken, in bytes with its header
 * @param receiveMaximum most QoS 1 and 2 publications of one client that are not yet acknowledged
 * @param topicAliasMaximum highest topic alias of one client, 0 for none
 * @param topicLevelsMax most levels of a topic name or filter
 * @param userPropertiesMax most user properties of one packet, or of its Will
 * @param userPropertyBytesMax most bytes of their names and values together
 * @param filtersPerSubscribeMax most filters of one SUBSCRIBE or UNSUBSCRIBE that are looked at
 * @param keepAliveSecondsMax longest keep alive of an MQTT 5 client, 1 to 65535
 * @param idleMax silence after which an MQTT 3.1.1 client that switched keep alive off is closed
 * @param sessionExpirySecondsMax longest time that a session outlives its connection
 */
public record MqttLimits(
    int maximumPacketSize,
    int receiveMaximum,
    int topicAliasMaximum,
    int topicLevelsMax,
    int userPropertiesMax,
    int userPropertyBytesMax,
    int filtersPerSubscribeMax,
    int keepAliveSecondsMax,
    Duration idleMax,
    long sessionExpirySecondsMax) {
  /** What a user gets who configures nothing. */
  public static final MqttLimits DEFAULTS =
      new MqttLimits(
          256 << 10, 1_000, 16, 32, 32, 8 << 10, 100, 3_600, Duration.ofHours(24), 7L * 24 * 3600);

  public MqttLimits {
    if (keepAliveSecondsMax < 1 || keepAliveSecondsMax > 0xFFFF) {
      throw new IllegalArgumentException("a keep alive is 1 to 65535 s: " + keepAliveSecondsMax);
    }
    if (receiveMaximum < 1 || receiveMaximum > 0xFFFF) {
      throw new IllegalArgumentException("a receive maximum is 1 to 65535: " + receiveMaximum);
    }
    if (topicAliasMaximum < 0 || topicAliasMaximum > 0xFFFF) {
      throw new IllegalArgumentException("a topic alias is at most 65535: " + topicAliasMaximum);
    }
    if (maximumPacketSize < 1_024 || maximumPacketSize > 268_435_460) {
      throw new IllegalArgumentException(
          "a maximum packet size is 1024 to 268435460 bytes: " + maximumPacketSize);
    }
  }

  public MqttLimits withMaximumPacketSize(int bytes) {
    return new MqttLimits(
        bytes,
        receiveMaximum,
        topicAliasMaximum,
        topicLevelsMax,
        userPropertiesMax,
        userPropertyBytesMax,
        filtersPerSubscribeMax,
        keepAliveSecondsMax,
        idleMax,
        sessionExpirySecondsMax);
  }

  public MqttLimits withReceiveMaximum(int publications) {
    return new MqttLimits(
        maximumPacketSize,
        publications,
        topicAliasMaximum,
        topicLevelsMax,
        userPropertiesMax,
        userPropertyBytesMax,
        filtersPerSubscribeMax,
        keepAliveSecondsMax,
        idleMax,
        sessionExpirySecondsMax);
  }

  public MqttLimits withIdleMax(Duration silence) {
    return new MqttLimits(
        maximumPacketSize,
        receiveMaximum,
        topicAliasMaximum,
        topicLevelsMax,
        userPropertiesMax,
        userPropertyBytesMax,
        filtersPerSubscribeMax,
        keepAliveSecondsMax,
        silence,
        sessionExpirySecondsMax);
  }

  public MqttLimits withUserProperties(int most, int bytesMost) {
    return new MqttLimits(
        maximumPacketSize,
        receiveMaximum,
        topicAliasMaximum,
        topicLevelsMax,
        most,
        bytesMost,
        filtersPerSubscribeMax,
        keepAliveSecondsMax,
        idleMax,
        sessionExpirySecondsMax);
  }
}
