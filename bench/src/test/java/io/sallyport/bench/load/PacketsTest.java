package io.sallyport.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class PacketsTest {
  @Test
  void connectsCleanWithoutExpiry() {
    assertThat(ByteBufUtil.hexDump(Packets.connect("d", 0)))
        .isEqualTo(
            "1016" + "00044d515454" + "05" + "02" + "04b0" + "081100000000" + "21ffff" + "000164");
  }

  @Test
  void keepsASessionThatExpiresLater() {
    assertThat(ByteBufUtil.hexDump(Packets.connect("d", 3_600))).contains("050004b0081100000e10");
  }

  @Test
  void leavesRoomForPacketIdentifierAndPayload() {
    assertThat(ByteBufUtil.hexDump(Packets.publish("t", 1, 12)))
        .isEqualTo("3212" + "000174" + "0000" + "00" + "00".repeat(12));
    assertThat(ByteBufUtil.hexDump(Packets.publish("t", 0, 12)))
        .isEqualTo("3010" + "000174" + "00" + "00".repeat(12));
  }

  @Test
  void writesLengthsOfTwoBytes() {
    assertThat(ByteBufUtil.hexDump(Packets.publish("t", 0, 1_024))).startsWith("30840800017400");
  }

  @Test
  void findsTheReceiveMaximumBehindOtherProperties() {
    var properties =
        Unpooled.wrappedBuffer(
            ByteBufUtil.decodeHexDump(
                "14" + "22000a" + "120003616263" + "270000ffff" + "2501" + "210014"));
    assertThat(ConnackProperties.receiveMaximum(properties)).isEqualTo(20);
  }

  @Test
  void takesTheProtocolsDefaultWithoutAReceiveMaximum() {
    assertThat(ConnackProperties.receiveMaximum(Unpooled.wrappedBuffer(new byte[] {0})))
        .isEqualTo(65_535);
  }

  @Test
  void refusesAnEndlessInteger() {
    var endless = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("ffffffff01"));
    assertThatThrownBy(() -> VariableInteger.read(endless)).isInstanceOf(LoadFailure.class);
  }

  @Test
  void waitsForAnIntegerThatHasNotArrived() {
    assertThat(VariableInteger.peek(Unpooled.wrappedBuffer(new byte[] {(byte) 0x80}), 0))
        .isEqualTo(VariableInteger.INCOMPLETE);
  }
}
