package io.sallyport.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanonicalFormTest {
  private static final SecurityEvent EVENT =
      SecurityEvent.of(
          Instant.parse("2026-03-01T12:00:00.123456Z"),
          EventType.PUBLISH_DENIED,
          "dev-1",
          "devices/ö",
          Map.of("reason", "no statement allows it", "a", ""));

  /** The specification of the Javadoc, written a second time without the code under test. */
  @Test
  void isWhatItsSpecificationSays() throws Exception {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    field(out, "sallyport-ledger-1");
    out.writeInt(32);
    out.write(new byte[32]);
    for (var text :
        new String[] {
          "1",
          "1772366400123",
          "publish-denied",
          "dev-1",
          "devices/ö",
          "2",
          "a",
          "",
          "reason",
          "no statement allows it"
        }) {
      field(out, text);
    }
    assertThat(CanonicalForm.of(1, EVENT, RecordHash.GENESIS)).isEqualTo(bytes.toByteArray());
    var digest = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
    assertThat(Head.GENESIS.append(EVENT).hash()).hasToString(HexFormat.of().formatHex(digest));
  }

  /** Golden: a ledger that exists must verify with every later version. */
  @Test
  void neverChanges() {
    assertThat(Head.GENESIS.append(EVENT).hash())
        .hasToString("696f8a78305bb8e8f18f62d0758d4fe1228b657e6b54f0443d6fd4713cbad547");
  }

  @Test
  void eventsHoldOnlyWhatEveryStoreKeeps() {
    var event =
        SecurityEvent.of(
            Instant.EPOCH, EventType.STARTED, "a\u0000b", "\ud800x", Map.of("k\udc00", "😀"));
    assertThat(event.actor()).isEqualTo("a\ufffdb");
    assertThat(event.subject()).isEqualTo("\ufffdx");
    assertThat(event.facts()).containsExactly(Map.entry("k\ufffd", "😀"));
    assertThatThrownBy(() -> event.facts().put("x", "y"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void hashesAreLowerCaseHex() {
    assertThatThrownBy(() -> new RecordHash("F".repeat(64)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(RecordHash.GENESIS).hasToString("0".repeat(64));
  }

  @Test
  void everyWhySaysWhatIsWrong() {
    for (var why : Chain.Why.values()) {
      assertThat(why.text()).isNotBlank().doesNotEndWith(".");
    }
  }

  @Test
  void brokenVerdictsCountWhatHolds() {
    Chain.Verdict verdict = new Chain.Broken(3, 4, Chain.Why.MISSING);
    assertThat(verdict.records()).isEqualTo(3);
    assertThat(new Chain.Intact(new Head(5, RecordHash.GENESIS)).records()).isEqualTo(5);
  }

  private static void field(DataOutputStream out, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
