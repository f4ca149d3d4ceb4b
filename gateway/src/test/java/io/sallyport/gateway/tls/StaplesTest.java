package io.sallyport.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import io.sallyport.testkit.TestCa;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a ClientHello asks for, and what is ready for it. */
class StaplesTest {
  private static final byte[] ANSWER = {1, 2, 3};

  private final TestCa ca = TestCa.create(Instant.now());
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

  @Test
  void whatHasEndedIsLeftAway() {
    var staples = new Staples(now::get);
    var leaf = ca.server().chain().getFirst();
    staples.show(Map.of(leaf, new Staple(ANSWER, Instant.EPOCH.plus(Duration.ofHours(1)))));

    assertThat(staples.of(leaf)).isEqualTo(ANSWER);
    assertThat(staples.of(ca.root())).as("of another certificate").isNull();
    now.set(Instant.EPOCH.plus(Duration.ofHours(1)));
    assertThat(staples.of(leaf)).isNull();
    assertThat(staples.shown()).isEqualTo(1);
    assertThat(staples.missing()).isEqualTo(2);
  }

  @Test
  void aHelloIsReadForNameStatusAndProtocol() {
    var all = extensions("0000 0011 000f 00 000c " + hex("gate.example") + status() + acme());

    assertThat(ClientHello.greeting(all)).isEqualTo(new Greeting("gate.example", true, true));
    assertThat(ClientHello.greeting(extensions(status())))
        .isEqualTo(new Greeting(null, true, false));
    assertThat(ClientHello.greeting(extensions(""))).isEqualTo(Greeting.NONE);
    assertThat(ClientHello.greeting(Unpooled.EMPTY_BUFFER)).isEqualTo(Greeting.NONE);
  }

  @Test
  void whatIsMalformedAsksForNothing() {
    for (var wrong :
        new String[] {
          "0000 0002 0000",
          "0000 0006 0004 01 0001 61",
          "0000 0006 0004 00 00ff 61",
          "0005 0001 02",
          "0005 0000",
          "0010 000e 000c 02 " + hex("h2") + " 08 " + hex("http/1.1"),
          "0010 0001 00",
          "00ff ffff"
        }) {
      assertThat(ClientHello.greeting(extensions(wrong))).as(wrong).isEqualTo(Greeting.NONE);
    }
  }

  @Test
  void namesAreTakenInAnyCase() {
    var server = ca.server();
    var credentials = new ServerCredentials(server.privateKey(), server.chain());
    var shown = new ShownCertificates(credentials, credentials, Set.of("Gate.Example.org"));

    assertThat(shown.isNamed("gate.EXAMPLE.org")).isTrue();
    assertThat(shown.isNamed("other.example.org")).isFalse();
    assertThat(shown.isNamed(null)).isFalse();
  }

  @Test
  void aNameIsProvenUntilItsEndAndNoMoreOfThemThanTheBound() {
    var server = ca.server();
    var proof = new ServerCredentials(server.privateKey(), server.chain());
    try (var validations = new Validations()) {
      validations.begin("Gate.example.org", proof);
      validations.begin("gate.example.org", proof);
      var held = validations.held("GATE.example.org");
      assertThat(held).isNotNull();
      ReferenceCountUtil.release(held);
      assertThat(validations.held("other.example.org")).isNull();
      assertThat(validations.held(null)).isNull();
      validations.end("gate.example.org");
      validations.end("gate.example.org");
      assertThat(validations.held("gate.example.org")).isNull();

      for (int i = 0; i < Validations.NAMES_MAX; i++) {
        validations.begin("n" + i + ".example.org", proof);
      }
      assertThatThrownBy(() -> validations.begin("more.example.org", proof))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private static String status() {
    return " 0005 0005 01 0000 0000 ";
  }

  private static String acme() {
    return " 0010 000d 000b 0a " + hex("acme-tls/1");
  }

  private static String hex(String text) {
    return java.util.HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static ByteBuf extensions(String hex) {
    var bytes = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
    return Unpooled.buffer()
        .writeShort(0x0303)
        .writeZero(32)
        .writeByte(0)
        .writeShort(2)
        .writeShort(0x1301)
        .writeByte(1)
        .writeByte(0)
        .writeShort(bytes.length)
        .writeBytes(bytes);
  }
}
