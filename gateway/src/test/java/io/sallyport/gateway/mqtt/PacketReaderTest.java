package io.sallyport.gateway.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.sallyport.exchange.Reason;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.MqttClient.Connect;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Strict reading: exactly what the specification says, or a refusal with its reason. */
final class PacketReaderTest {
  private static final byte[] NONE = new byte[0];

  private static PacketReader over(byte[] body) {
    var reader = new PacketReader(8, 3, 20);
    // No byte behind the packet: whoever reads past its end is found out.
    reader.cursor().over(Unpooled.wrappedBuffer(body), 0, body.length);
    return reader;
  }

  /** Reads any packet as the gate would. */
  static void read(PacketReader reader, int first, ProtocolVersion version) throws MalformedPacket {
    int flags = first & 0x0F;
    switch (first >>> 4) {
      case PacketType.CONNECT -> reader.connect(flags);
      case PacketType.PUBLISH -> {
        var publish = reader.publish(flags, version, NONE);
        assertThat(publish.topic().length > 0 || publish.alias() > 0).isTrue();
        assertThat(reader.cursor().rest()).isNotNull();
      }
      case PacketType.PUBACK, PacketType.PUBREC, PacketType.PUBREL, PacketType.PUBCOMP ->
          assertThat(reader.acknowledged(first >>> 4, flags, version)).isNotZero();
      case PacketType.SUBSCRIBE -> assertThat(reader.subscribe(flags, version)).isNotNull();
      case PacketType.UNSUBSCRIBE -> assertThat(reader.unsubscribe(flags, version)).isNotNull();
      case PacketType.PINGREQ -> reader.ping(flags);
      case PacketType.DISCONNECT -> assertThat(reader.disconnect(flags, version)).isNotNull();
      default -> throw MalformedPacket.unexpected(first >>> 4);
    }
  }

  private static void expect(Reason reason, int first, ProtocolVersion version, Bytes body) {
    assertThatThrownBy(() -> read(over(body.done()), first, version))
        .isInstanceOfSatisfying(
            MalformedPacket.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static void malformed(int first, Bytes body) {
    expect(Reason.MALFORMED_PACKET, first, ProtocolVersion.V5, body);
  }

  private static void protocolError(int first, Bytes body) {
    expect(Reason.PROTOCOL_ERROR, first, ProtocolVersion.V5, body);
  }

  @Test
  void refusesReservedFlags() {
    for (int type : List.of(0x10, 0x40, 0x50, 0x60, 0x70, 0x80, 0xA0, 0xC0, 0xE0)) {
      malformed(type | 0x05, new Bytes().u16(1));
    }
    malformed(0x60, new Bytes().u16(1));
    malformed(0x80, new Bytes().u16(1));
    malformed(0x36, new Bytes().string("t").u16(1).u8(0));
    malformed(0x38, new Bytes().string("t").u8(0));
  }

  @Test
  void refusesPacketIdentifierZero() {
    for (int first : List.of(0x32, 0x34)) {
      protocolError(first, new Bytes().string("t").u16(0).u8(0));
    }
    for (int first : List.of(0x40, 0x50, 0x62, 0x70, 0x82, 0xA2)) {
      protocolError(first, new Bytes().u16(0).u8(0).string("t"));
    }
  }

  @Test
  void refusesTextThatIsNotUtf8() {
    byte[][] wrong = {
      {0},
      {(byte) 0x80},
      {(byte) 0xC0, (byte) 0xAF},
      {(byte) 0xE0, (byte) 0x80, (byte) 0xAF},
      {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
      {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
      {(byte) 0xF0, (byte) 0x80, (byte) 0x80, (byte) 0x80},
      {(byte) 0xE2, (byte) 0x82},
      {'a', (byte) 0xC3, 'b'}
    };
    for (var text : wrong) {
      malformed(0x30, new Bytes().u16(text.length).raw(text).u8(0));
    }
  }

  @Test
  void takesTextOfEveryLength() throws MalformedPacket {
    for (var text : List.of("a", "é", "€", "𐍈", "\uFFFD\uFFFF", "\u0001")) {
      var body = new Bytes().string(text).u8(0).done();
      assertThat(over(body).publish(0, ProtocolVersion.V5, NONE).topic())
          .isEqualTo(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  @Test
  void refusesTopicNamesThatAreNone() {
    for (var topic : List.of("+", "a/#", "a+b", "a/b/c/d/e/f/g/h/i")) {
      expect(Reason.TOPIC_NAME_INVALID, 0x30, ProtocolVersion.V5, new Bytes().string(topic).u8(0));
    }
    expect(Reason.TOPIC_NAME_INVALID, 0x30, ProtocolVersion.V3_1_1, new Bytes().string(""));
  }

  @Test
  void refusesPropertiesThatMayNotStandThere() {
    // A subscription identifier from a client, a property twice, one unknown, one cut off.
    malformed(0x30, new Bytes().string("t").u8(2).u8(0x0B).u8(1));
    protocolError(0x30, new Bytes().string("t").u8(4).u8(1).u8(0).u8(1).u8(0));
    malformed(0x30, new Bytes().string("t").u8(2).u8(0x7F).u8(1));
    malformed(0x30, new Bytes().string("t").u8(2).u8(2).u8(1));
    malformed(0x30, new Bytes().string("t").u8(9).u8(1).u8(0));
    protocolError(0x30, new Bytes().string("t").u8(2).u8(1).u8(2));
    protocolError(0x30, new Bytes().string("t").u8(3).u8(0x23).u16(0));
    expect(
        Reason.TOPIC_NAME_INVALID,
        0x30,
        ProtocolVersion.V5,
        new Bytes().string("t").u8(6).u8(8).string("a/#"));
    malformed(0x30, new Bytes().string("t").raw((byte) 0x80, (byte) 0));
  }

  @Test
  void refusesConnectThatContradictsItself() {
    for (int flags : List.of(0x01, 0x08, 0x20, 0x18 | 0x04)) {
      malformed(0x10, new Bytes().string("MQTT").u8(5).u8(flags).u16(0).u8(0).string("x"));
    }
    malformed(0x10, new Bytes().string("MQTT").u8(4).u8(0x40).u16(0).string("x").u16(0));
    malformed(0x10, new Bytes().string("HTTP").u8(5).u8(0).u16(0).u8(0).string("x"));
    malformed(0x10, new Bytes().string("MQTT").u8(4).u8(0).u16(0).string("x").u8(1));
    protocolError(
        0x10, new Bytes().string("MQTT").u8(5).u8(0).u16(0).u8(3).u8(0x21).u16(0).string("x"));
    protocolError(
        0x10, new Bytes().string("MQTT").u8(5).u8(0).u16(0).u8(3).u8(0x16).u16(0).string("x"));
    expect(
        Reason.UNSUPPORTED_PROTOCOL_VERSION,
        0x10,
        ProtocolVersion.V5,
        new Bytes().string("MQTT").u8(6).u8(0).u16(0).string("x"));
  }

  @Test
  void refusesSubscribeThatContradictsItself() {
    protocolError(0x82, new Bytes().u16(1).u8(0));
    protocolError(0xA2, new Bytes().u16(1).u8(0));
    for (int options : List.of(0x03, 0x30, 0x40, 0x80)) {
      malformed(0x82, new Bytes().u16(1).u8(0).string("t").u8(options));
    }
    expect(
        Reason.MALFORMED_PACKET,
        0x82,
        ProtocolVersion.V3_1_1,
        new Bytes().u16(1).string("t").u8(0x04));
    protocolError(0x82, new Bytes().u16(1).u8(0).string("$share/g/t").u8(0x04));
    protocolError(0x82, new Bytes().u16(1).u8(2).u8(0x0B).u8(0).string("t").u8(0));
  }

  @Test
  void refusesPacketsOfTheServer() {
    for (int first : List.of(0x00, 0x20, 0x90, 0xB0, 0xD0, 0xF0)) {
      protocolError(first, new Bytes());
    }
  }

  @Test
  void judgesFiltersByTheSpecification() {
    for (var filter :
        List.of("#", "+", "a/#", "+/+", "/", "a//b", "/+/", "$share/g/#", "$SYS/#", "$shared")) {
      assertThat(TopicSyntax.isFilter(filter, 8)).as(filter).isTrue();
    }
    for (var filter :
        List.of("", "a#", "#/a", "a/+b", "$share", "$share/g", "$share//t", "$share/g/")) {
      assertThat(TopicSyntax.isFilter(filter, 8)).as(filter).isFalse();
    }
    assertThat(TopicSyntax.isFilter("$share/g+/t", 8)).isFalse();
    assertThat(TopicSyntax.isFilter("1/2/3/4/5/6/7/8/9", 8)).isFalse();
  }

  @Test
  void keepsWhatTravelsAndNothingElse() throws MalformedPacket {
    var properties =
        new Bytes()
            .raw(new Bytes().u8(0x26).string("a").string("b").done())
            .u8(0x23)
            .u16(1)
            .u8(3)
            .string("text")
            .u8(2)
            .u32(9)
            .u8(9)
            .u16(2)
            .u16(77)
            .done();
    var body = new Bytes().string("t").varint(properties.length).raw(properties).done();
    var publish = over(body).publish(0, ProtocolVersion.V5, NONE);
    assertThat(publish.alias()).isEqualTo(1);
    assertThat(publish.expirySeconds()).isEqualTo(9);
    assertThat(publish.travelling())
        .isEqualTo(
            new Bytes()
                .u8(0x26)
                .string("a")
                .string("b")
                .u8(3)
                .string("text")
                .u8(9)
                .u16(2)
                .u16(77)
                .done());
  }

  @Test
  void recognisesTheTopicOfBefore() throws MalformedPacket {
    var body = new Bytes().string("same").u8(0).done();
    var first = over(body).publish(0, ProtocolVersion.V5, NONE).topic();
    assertThat(over(body).publish(0, ProtocolVersion.V5, first).topic()).isSameAs(first);
  }

  @Test
  void neverThrowsAnythingElseWhateverComes() {
    var random = new SplittableRandom(20_261_122);
    var seeds = valid();
    for (int i = 0; i < 200_000; i++) {
      var seed = seeds.get(random.nextInt(seeds.size()));
      int first = random.nextInt(4) == 0 ? random.nextInt(256) : seed[0] & 0xFF;
      var body = mutated(random, seed);
      var version = random.nextBoolean() ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1;
      try {
        read(over(body), first, version);
      } catch (MalformedPacket e) {
        assertThat(e.reason().isFailure()).isTrue();
      }
    }
  }

  private static byte[] mutated(SplittableRandom random, byte[] seed) {
    var body = java.util.Arrays.copyOfRange(seed, 1, seed.length);
    if (random.nextInt(5) == 0) {
      body = new byte[random.nextInt(64)];
      random.nextBytes(body);
      return body;
    }
    for (int changes = random.nextInt(4); changes > 0 && body.length > 0; changes--) {
      body[random.nextInt(body.length)] = (byte) random.nextInt(256);
    }
    int length = random.nextInt(4) == 0 ? random.nextInt(body.length + 4) : body.length;
    return java.util.Arrays.copyOf(body, length);
  }

  /** Valid packets without their remaining length: the first byte, then what follows it. */
  private static List<byte[]> valid() {
    var seeds = new ArrayList<byte[]>();
    for (int level : List.of(4, 5)) {
      var will = new Connect("id").userName("u").will("w/t", "x", 1, true).keepAlive(9);
      if (level == 5) {
        will.properties(new Bytes().u8(0x11).u32(9).u8(0x21).u16(3).u8(0x17).u8(0).done());
        will.willProperties(new Bytes().u8(0x18).u32(9).u8(1).u8(1).done());
      }
      seeds.add(new Bytes().u8(0x10).raw(will.body(level)).done());
    }
    var user = new Bytes().u8(0x26).string("k").string("v").done();
    seeds.add(new Bytes().u8(0x32).string("a/b").u16(7).u8(user.length).raw(user).u16(1).done());
    seeds.add(new Bytes().u8(0x30).string("a/b").u8(8).u8(2).u32(1).u8(0x23).u16(1).done());
    seeds.add(new Bytes().u8(0x40).u16(7).u8(0x10).u8(user.length).raw(user).done());
    seeds.add(new Bytes().u8(0x62).u16(7).u8(0x92).u8(0).done());
    seeds.add(new Bytes().u8(0x82).u16(7).u8(2).u8(0x0B).u8(5).string("a/#").u8(0x2A).done());
    seeds.add(new Bytes().u8(0x82).u16(7).string("a/#").u8(2).string("$share/g/b").u8(1).done());
    seeds.add(new Bytes().u8(0xA2).u16(7).u8(0).string("a/#").string("b").done());
    seeds.add(new Bytes().u8(0xC0).done());
    seeds.add(new Bytes().u8(0xE0).u8(4).u8(5).u8(0x11).u32(60).done());
    return seeds;
  }
}
