package io.sallyport.exchange.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscribePayload;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption.RetainedHandlingPolicy;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribePayload;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.sallyport.exchange.Message;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Subscription;
import io.sallyport.exchange.Will;
import io.sallyport.identity.PrincipalId;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/**
 * What is said to the broker, in its version of MQTT. PUBLISH and what acknowledges it are written
 * as bytes because they are most of what is said; the codec writes the rest.
 */
final class Packets {
  /** Who a message is from that the broker delivers: MQTT does not say. */
  private static final PrincipalId SOMEBODY = new PrincipalId("upstream");

  private static final int WITH_WILL = 0x04;
  private static final long MILLIS = 1_000;
  private static final int LENGTH_MAX = 4;

  private final UpstreamSettings settings;
  private final InstantSource clock;
  private final boolean v5;

  Packets(UpstreamSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.v5 = settings.isV5();
  }

  // ---- CONNECT and DISCONNECT

  /** The CONNECT of a device's session. */
  MqttConnectMessage connect(Opening opening, boolean cleanStart) {
    var connect =
        connect(
            opening.principal().value(),
            opening.clientId(),
            cleanStart,
            opening.sessionExpirySeconds(),
            opening.receiveMaximum());
    Will will = opening.will();
    if (will != null) {
      Message message = will.message();
      connect
          .willFlag(true)
          .willTopic(message.topicText())
          .willMessage(message.payload())
          .willQoS(MqttQoS.valueOf(message.qos()))
          .willRetain(message.isRetain());
      if (v5) {
        connect.willProperties(willProperties(will));
      }
    }
    return connect.build();
  }

  /** The CONNECT of a connection that only takes something away. */
  MqttConnectMessage connectToWipe(PrincipalId principal, String clientId, boolean cleanStart) {
    return connect(principal.value(), clientId, cleanStart, 0, 1).build();
  }

  /** The CONNECT of a connection that several devices publish through. */
  MqttConnectMessage connectToShare(String clientId) {
    return connect(settings.sharing().user(), clientId, true, 0, 1).build();
  }

  private MqttMessageBuilders.ConnectBuilder connect(
      String user, String clientId, boolean cleanStart, long expirySeconds, int receiveMaximum) {
    var connect =
        MqttMessageBuilders.connect()
            .protocolVersion(v5 ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1)
            .clientId(clientId)
            .cleanSession(cleanStart)
            .keepAlive(settings.keepAliveSeconds())
            .hasUser(true)
            .username(user);
    if (settings.credential().isPresent()) {
      connect.hasPassword(true).password(settings.credential().bytes());
    }
    if (v5) {
      var properties = new MqttProperties();
      number(properties, MqttProperties.SESSION_EXPIRY_INTERVAL, expirySeconds);
      number(properties, MqttProperties.RECEIVE_MAXIMUM, receiveMaximum);
      number(properties, MqttProperties.MAXIMUM_PACKET_SIZE, settings.packetSizeMax());
      connect.properties(properties);
    }
    return connect;
  }

  private MqttProperties willProperties(Will will) {
    var properties = Properties.read(will.message().properties());
    if (will.delaySeconds() > 0) {
      number(properties, MqttProperties.WILL_DELAY_INTERVAL, will.delaySeconds());
    }
    long expiry = remainingSeconds(will.message());
    if (expiry >= 0) {
      number(properties, MqttProperties.PUBLICATION_EXPIRY_INTERVAL, expiry);
    }
    return properties;
  }

  private static void number(MqttProperties properties, int id, long value) {
    // A four byte integer without sign: the codec writes the bits.
    properties.add(new IntegerProperty(id, (int) value));
  }

  /**
   * DISCONNECT.
   *
   * @param withWill only with MQTT 5; without, the broker drops the will
   * @param expirySeconds the new session expiry, or -1 to leave it
   */
  MqttMessage disconnect(boolean withWill, long expirySeconds) {
    var fixed = fixed(MqttMessageType.DISCONNECT, 0);
    if (!v5) {
      return new MqttMessage(fixed);
    }
    var properties = new MqttProperties();
    if (expirySeconds >= 0) {
      number(properties, MqttProperties.SESSION_EXPIRY_INTERVAL, expirySeconds);
    }
    byte reason = (byte) (withWill ? WITH_WILL : 0);
    return new MqttMessage(
        fixed, new MqttReasonCodeAndPropertiesVariableHeader(reason, properties));
  }

  // ---- PUBLISH

  /** How long a PUBLISH of it is at most. */
  static int lengthAtMost(Message message) {
    return 1
        + LENGTH_MAX
        + (2 + message.topic().length)
        + 2
        + (LENGTH_MAX + 5 + message.properties().length)
        + message.payload().length;
  }

  /** Writes it into the room that the link has. */
  void publish(Link link, Message message, int packetId, boolean dup) {
    long expiry = v5 ? remainingSeconds(message) : -1;
    int block = v5 ? message.properties().length + (expiry < 0 ? 0 : 5) : 0;
    int remaining =
        2
            + message.topic().length
            + (packetId == 0 ? 0 : 2)
            + (v5 ? varintLength(block) + block : 0)
            + message.payload().length;
    ByteBuf out = link.room(1 + varintLength(remaining) + remaining);
    int flags = (dup ? 8 : 0) | (message.qos() << 1) | (message.isRetain() ? 1 : 0);
    out.writeByte(MqttMessageType.PUBLISH.value() << 4 | flags);
    varint(out, remaining);
    out.writeShort(message.topic().length).writeBytes(message.topic());
    if (packetId != 0) {
      out.writeShort(packetId);
    }
    if (v5) {
      varint(out, block);
      if (expiry >= 0) {
        out.writeByte(MqttProperties.PUBLICATION_EXPIRY_INTERVAL).writeInt((int) expiry);
      }
      out.writeBytes(message.properties());
    }
    out.writeBytes(message.payload());
  }

  /** An empty retained message, which takes away the one that is there. */
  void clearRetained(Link link, String topic, int packetId) {
    byte[] none = {};
    var message =
        new Message(
            SOMEBODY,
            "",
            topic.getBytes(StandardCharsets.UTF_8),
            none,
            none,
            1,
            true,
            Message.NEVER);
    publish(link, message, packetId, false);
  }

  /** What is left of the message expiry interval (MQTT 5, 3.3.2.3.3), or -1 for none. */
  private long remainingSeconds(Message message) {
    if (message.expiresAtMillis() == Message.NEVER) {
      return -1;
    }
    long left = message.expiresAtMillis() - clock.millis();
    return Math.max(0, (left + MILLIS - 1) / MILLIS);
  }

  /** What the broker delivers; the payload is copied, the packet stays the caller's to release. */
  Message message(MqttPublishMessage packet) {
    var header = packet.variableHeader();
    var properties = header.properties();
    long expiry = Properties.number(properties, MqttProperties.PUBLICATION_EXPIRY_INTERVAL, -1);
    boolean expires = properties.getProperty(MqttProperties.PUBLICATION_EXPIRY_INTERVAL) != null;
    return new Message(
        SOMEBODY,
        "",
        header.topicName().getBytes(StandardCharsets.UTF_8),
        ByteBufUtil.getBytes(packet.payload()),
        Properties.travelling(properties),
        packet.fixedHeader().qosLevel().value(),
        packet.fixedHeader().isRetain(),
        expires ? clock.millis() + (expiry & 0xFFFF_FFFFL) * MILLIS : Message.NEVER);
  }

  private static void varint(ByteBuf out, int value) {
    int rest = value;
    while (rest > 0x7F) {
      out.writeByte((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }

  private static int varintLength(int value) {
    return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : LENGTH_MAX;
  }

  // ---- the others

  /** PUBACK, PUBREC, PUBREL or PUBCOMP; a success needs no reason code (MQTT 5, 3.4.2.1). */
  void acknowledge(Link link, MqttMessageType type, int packetId, Reason reason) {
    boolean says = v5 && reason != Reason.SUCCESS;
    int remaining = says ? 3 : 2;
    ByteBuf out = link.room(2 + remaining);
    out.writeByte(type.value() << 4 | (type == MqttMessageType.PUBREL ? 2 : 0));
    out.writeByte(remaining).writeShort(packetId);
    if (says) {
      out.writeByte(reason.code());
    }
  }

  MqttMessage subscribe(int packetId, List<Subscription> subscriptions) {
    var topics =
        subscriptions.stream().map(s -> new MqttTopicSubscription(s.filter(), option(s))).toList();
    var properties = new MqttProperties();
    int identifier = subscriptions.getFirst().identifier();
    if (v5 && identifier != 0) {
      number(properties, MqttProperties.SUBSCRIPTION_IDENTIFIER, identifier);
    }
    return new MqttSubscribeMessage(
        fixed(MqttMessageType.SUBSCRIBE, 1),
        new MqttMessageIdAndPropertiesVariableHeader(packetId, properties),
        new MqttSubscribePayload(topics));
  }

  private static MqttSubscriptionOption option(Subscription subscription) {
    return new MqttSubscriptionOption(
        MqttQoS.valueOf(subscription.maximumQos()),
        subscription.noLocal(),
        subscription.retainAsPublished(),
        RetainedHandlingPolicy.valueOf(subscription.retainHandling()));
  }

  MqttMessage unsubscribe(int packetId, List<String> filters) {
    return new MqttUnsubscribeMessage(
        fixed(MqttMessageType.UNSUBSCRIBE, 1),
        new MqttMessageIdAndPropertiesVariableHeader(packetId, MqttProperties.NO_PROPERTIES),
        new MqttUnsubscribePayload(filters));
  }

  private static MqttFixedHeader fixed(MqttMessageType type, int qos) {
    return new MqttFixedHeader(type, false, MqttQoS.valueOf(qos), false, 0);
  }
}
