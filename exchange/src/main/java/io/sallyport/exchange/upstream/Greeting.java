package io.sallyport.exchange.upstream;

import io.netty.handler.codec.mqtt.MqttConnAckVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.sallyport.exchange.Message;
import io.sallyport.exchange.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What a broker's CONNACK says.
 *
 * @param sessionPresent whether it had the session
 * @param receiveMaximum how many QoS 1 and 2 publications it takes before it acknowledges
 * @param maximumQos the highest QoS that it takes
 * @param retainAvailable whether it keeps retained messages
 * @param packetSizeMax the largest packet that it takes
 * @param identifiersAvailable whether subscriptions may have identifiers
 * @param keepAliveSeconds how long it bears silence
 */
record Greeting(
    boolean sessionPresent,
    int receiveMaximum,
    int maximumQos,
    boolean retainAvailable,
    long packetSizeMax,
    boolean identifiersAvailable,
    int keepAliveSeconds) {
  private static final int RECEIVE_MAXIMUM = 65_535;

  static Greeting of(MqttConnAckVariableHeader connack, UpstreamSettings settings) {
    var properties = connack.properties();
    int keepAlive = settings.keepAliveSeconds();
    return new Greeting(
        connack.isSessionPresent(),
        Properties.number(properties, MqttProperties.RECEIVE_MAXIMUM, RECEIVE_MAXIMUM),
        Properties.number(properties, MqttProperties.MAXIMUM_QOS, 2),
        Properties.number(properties, MqttProperties.RETAIN_AVAILABLE, 1) != 0,
        Properties.number(properties, MqttProperties.MAXIMUM_PACKET_SIZE, -1) & 0xFFFF_FFFFL,
        settings.isV5()
            && Properties.number(properties, MqttProperties.SUBSCRIPTION_IDENTIFIER_AVAILABLE, 1)
                != 0,
        Properties.number(properties, MqttProperties.SERVER_KEEP_ALIVE, keepAlive));
  }

  /** Why the broker would not take a message, or null. */
  @Nullable Reason refusal(Message message) {
    if (message.qos() > maximumQos) {
      return Reason.QOS_NOT_SUPPORTED;
    }
    if (message.isRetain() && !retainAvailable) {
      return Reason.RETAIN_NOT_SUPPORTED;
    }
    return Packets.lengthAtMost(message) > packetSizeMax ? Reason.PACKET_TOO_LARGE : null;
  }
}
