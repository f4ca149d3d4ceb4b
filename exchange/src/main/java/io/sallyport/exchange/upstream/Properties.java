package io.sallyport.exchange.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.BinaryProperty;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttProperties.StringPair;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import io.netty.handler.codec.mqtt.MqttProperties.UserProperties;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The MQTT 5 properties that travel with a message, between wire form and the codec's objects. */
final class Properties {
  private static final byte[] NONE = new byte[0];

  private Properties() {}

  /** The wire form of those that travel; the others are not. */
  static byte[] travelling(MqttProperties properties) {
    if (properties.isEmpty()) {
      return NONE;
    }
    ByteBuf out = Unpooled.buffer();
    for (MqttProperty<?> property : properties.listAll()) {
      write(out, property);
    }
    return out.isReadable() ? ByteBufUtil.getBytes(out) : NONE;
  }

  private static void write(ByteBuf out, MqttProperty<?> property) {
    int id = property.propertyId();
    switch (property) {
      case UserProperties pairs -> {
        for (StringPair pair : pairs.value()) {
          out.writeByte(id);
          text(out, pair.key);
          text(out, pair.value);
        }
      }
      case IntegerProperty number when id == MqttProperties.PAYLOAD_FORMAT_INDICATOR ->
          out.writeByte(id).writeByte(number.value());
      case StringProperty string
          when id == MqttProperties.CONTENT_TYPE || id == MqttProperties.RESPONSE_TOPIC -> {
        out.writeByte(id);
        text(out, string.value());
      }
      case BinaryProperty binary when id == MqttProperties.CORRELATION_DATA ->
          out.writeByte(id).writeShort(binary.value().length).writeBytes(binary.value());
      default -> {
        // Belongs to this hop.
      }
    }
  }

  private static void text(ByteBuf out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeShort(utf8.length).writeBytes(utf8);
  }

  /** The objects of a wire form that the gateway has checked. */
  static MqttProperties read(byte[] travelling) {
    MqttProperties properties = new MqttProperties();
    ByteBuf in = Unpooled.wrappedBuffer(travelling);
    while (in.isReadable()) {
      int id = in.readUnsignedByte();
      properties.add(
          switch (id) {
            case MqttProperties.PAYLOAD_FORMAT_INDICATOR ->
                new IntegerProperty(id, (int) in.readUnsignedByte());
            case MqttProperties.CONTENT_TYPE, MqttProperties.RESPONSE_TOPIC ->
                new StringProperty(id, text(in));
            case MqttProperties.CORRELATION_DATA -> new BinaryProperty(id, binary(in));
            case MqttProperties.USER_PROPERTY ->
                new MqttProperties.UserProperty(text(in), text(in));
            default -> throw new IllegalArgumentException("property " + id + " does not travel");
          });
    }
    return properties;
  }

  private static byte[] binary(ByteBuf in) {
    byte[] bytes = new byte[in.readUnsignedShort()];
    in.readBytes(bytes);
    return bytes;
  }

  private static String text(ByteBuf in) {
    return in.readCharSequence(in.readUnsignedShort(), StandardCharsets.UTF_8).toString();
  }

  /** A number that the broker gave, or what holds without it. */
  static int number(MqttProperties properties, int id, int otherwise) {
    MqttProperty<?> property = properties.getProperty(id);
    return property instanceof IntegerProperty number ? number.value() : otherwise;
  }

  /** The subscription identifiers of a delivery, or null. */
  static int @Nullable [] identifiers(MqttProperties properties) {
    var found = properties.getProperties(MqttProperties.SUBSCRIPTION_IDENTIFIER);
    if (found.isEmpty()) {
      return null;
    }
    return found.stream().mapToInt(p -> ((IntegerProperty) p).value()).toArray();
  }
}
