package io.sallyport.agent.mqtt;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.List;

/** What a device says, in MQTT 5. */
final class Packets {
  private static final int NONE = 0;

  private Packets() {}

  static MqttConnectMessage connect(Greeting greeting) {
    var properties = new MqttProperties();
    number(
        properties, MqttProperties.SESSION_EXPIRY_INTERVAL, greeting.sessionExpiry().toSeconds());
    number(properties, MqttProperties.RECEIVE_MAXIMUM, greeting.receiveMaximum());
    number(properties, MqttProperties.MAXIMUM_PACKET_SIZE, greeting.packetMax());
    return MqttMessageBuilders.connect()
        .protocolVersion(MqttVersion.MQTT_5)
        .clientId(greeting.clientId())
        .cleanSession(false)
        .keepAlive(Math.toIntExact(greeting.keepAlive().toSeconds()))
        .properties(properties)
        .build();
  }

  private static void number(MqttProperties properties, int id, long value) {
    properties.add(new IntegerProperty(id, (int) value));
  }

  static MqttPublishMessage publish(String topic, byte[] payload, int packetId) {
    return new MqttPublishMessage(
        fixed(MqttMessageType.PUBLISH, MqttQoS.AT_LEAST_ONCE),
        new MqttPublishVariableHeader(topic, packetId),
        Unpooled.wrappedBuffer(payload));
  }

  static MqttSubscribeMessage subscribe(List<String> filters, int packetId) {
    var subscribe = MqttMessageBuilders.subscribe().messageId(packetId);
    filters.forEach(filter -> subscribe.addSubscription(MqttQoS.AT_LEAST_ONCE, filter));
    return subscribe.build();
  }

  static MqttMessage acknowledge(int packetId) {
    return new MqttMessage(
        fixed(MqttMessageType.PUBACK, MqttQoS.AT_MOST_ONCE),
        new MqttPubReplyMessageVariableHeader(packetId, (byte) NONE, MqttProperties.NO_PROPERTIES));
  }

  static MqttMessage ping() {
    return new MqttMessage(fixed(MqttMessageType.PINGREQ, MqttQoS.AT_MOST_ONCE));
  }

  static MqttMessage disconnect() {
    return new MqttMessage(
        fixed(MqttMessageType.DISCONNECT, MqttQoS.AT_MOST_ONCE),
        new MqttReasonCodeAndPropertiesVariableHeader((byte) NONE, MqttProperties.NO_PROPERTIES));
  }

  private static MqttFixedHeader fixed(MqttMessageType type, MqttQoS qos) {
    return new MqttFixedHeader(type, false, qos, false, 0);
  }

  static int packetId(MqttMessage message) {
    return ((MqttMessageIdVariableHeader) message.variableHeader()).messageId();
  }

  /** The reason string, or nothing. */
  static String reason(MqttProperties properties) {
    return properties.getProperty(MqttProperties.REASON_STRING)
            instanceof MqttProperties.StringProperty text
        ? text.value()
        : "";
  }

  static int number(MqttProperties properties, int id, int otherwise) {
    return properties.getProperty(id) instanceof IntegerProperty number
        ? number.value()
        : otherwise;
  }
}
