package io.sallyport.exchange.upstream;

import static java.util.Objects.requireNonNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.sallyport.exchange.Reason;
import io.sallyport.identity.PrincipalId;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a broker sends is taken apart as a session would, or the connection to it ends: nothing
 * of it escapes from the link.
 */
class BrokerPacketsFuzz {
  private static final int PACKET_MAX = 64 << 10;

  /** The first byte chooses the version, the rest is what the broker says after CONNECT. */
  @FuzzTest
  void everyAnswerIsTakenOrEndsTheLink(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    var settings = settings(bytes[0] % 2 == 0);
    var packets = new Packets(settings, InstantSource.system());
    var receiver = new Session(settings, packets);
    var channel = new EmbeddedChannel(new MqttDecoder(PACKET_MAX), MqttEncoder.INSTANCE);
    var link = new Link(channel, () -> 0, receiver);
    receiver.link = link;
    channel.pipeline().addLast(link);
    // The codec takes the version of what comes from the CONNECT that was sent.
    channel.writeOutbound(packets.connectToWipe(new PrincipalId("dev-1"), "dev-1", true));
    channel.writeInbound(Unpooled.copiedBuffer(bytes, 1, bytes.length - 1));
    channel.finishAndReleaseAll();
    if (receiver.escaped != null) {
      throw new AssertionError("not for a link to carry", receiver.escaped);
    }
  }

  private static UpstreamSettings settings(boolean v5) {
    return new UpstreamSettings(
        BrokerAddress.parse("tcp://localhost:1883"),
        new UpstreamSettings.Tls(null, null, null),
        Credential.NONE,
        v5 ? UpstreamSettings.Protocol.V5 : UpstreamSettings.Protocol.V3_1_1,
        false,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        60,
        PACKET_MAX);
  }

  /** Takes packets apart as {@link Dial} and {@link Inbox} do. */
  private static final class Session implements Link.Receiver {
    private final UpstreamSettings settings;
    private final Packets packets;
    private @Nullable RuntimeException escaped;
    private @Nullable Link link;

    Session(UpstreamSettings settings, Packets packets) {
      this.settings = settings;
      this.packets = packets;
    }

    @Override
    public void received(MqttMessage packet) {
      try {
        read(packet);
      } catch (RuntimeException e) {
        escaped = e;
      }
    }

    private void read(MqttMessage packet) {
      switch (packet.fixedHeader().messageType()) {
        case CONNACK -> {
          var header = ((MqttConnAckMessage) packet).variableHeader();
          Answers.connect(header.connectReturnCode().byteValue() & 0xFF);
          Greeting.of(header, settings);
        }
        case PUBLISH -> {
          var publish = (MqttPublishMessage) packet;
          var message = packets.message(publish);
          Properties.read(message.properties());
          Properties.identifiers(publish.variableHeader().properties());
          packets.publish(requireNonNull(link), message, 1, false);
        }
        case PUBACK, PUBREC, PUBREL, PUBCOMP -> {
          Answers.reason(packet);
          ((MqttMessageIdVariableHeader) packet.variableHeader()).messageId();
        }
        case SUBACK -> Answers.codes((MqttSubAckMessage) packet);
        case UNSUBACK -> ((MqttUnsubAckMessage) packet).variableHeader().messageId();
        case DISCONNECT -> Answers.disconnect(packet);
        default -> {
          // Ends the session without a look at what is in it.
        }
      }
    }

    @Override
    public void gone(Reason reason, String why) {
      if (!reason.isFailure() || why.isBlank()) {
        throw new AssertionError("gone without a reason: " + reason + " " + why);
      }
    }
  }
}
