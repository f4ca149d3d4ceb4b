package io.sallyport.gateway.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.sallyport.exchange.Reason;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PacketWriterTest {
  /** MQTT 5, table 3-13: what a server may say. */
  private static final Set<Integer> IN_DISCONNECT =
      Set.of(
          0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95,
          0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2);

  /** MQTT 5, table 3-1. */
  private static final Set<Integer> IN_CONNACK =
      Set.of(
          0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95,
          0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F);

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NO_MATCHING_SUBSCRIBERS", "NO_SUBSCRIPTION_EXISTED"})
  void whateverTheReasonADisconnectHasACodeOfItsOwn(Reason reason) {
    var out = Unpooled.buffer();
    PacketWriter.disconnect(out, reason, null, null);
    assertThat((int) out.getUnsignedByte(2)).isIn(IN_DISCONNECT);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NO_MATCHING_SUBSCRIBERS", "NO_SUBSCRIPTION_EXISTED"})
  void whateverTheReasonARefusedConnackHasACodeOfItsOwn(Reason reason) {
    var out = Unpooled.buffer();
    PacketWriter.refuse(out, ProtocolVersion.V5, reason, null, null);
    assertThat((int) out.getUnsignedByte(3)).isIn(IN_CONNACK);
  }
}
