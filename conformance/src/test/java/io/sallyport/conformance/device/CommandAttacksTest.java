package io.sallyport.conformance.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.command.Challenge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a broker that nobody trusts gets out of a device with the verifier in C: nothing. */
class CommandAttacksTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Signer SIGNER = Signer.made();
  private static final String EMPTY = "0 0000000000000000";

  @BeforeAll
  static void needsTheCompiler() {
    Library.need();
  }

  private static List<String> device(String... then) {
    var lines = new ArrayList<>(SIGNER.device());
    lines.addAll(List.of(then));
    return lines;
  }

  private static String receive(String message) {
    return "receive 1 " + Signer.NOW + " " + message;
  }

  private static List<String> words(List<String> answers, int from, int to) {
    return answers.stream()
        .map(answer -> String.join(" ", List.of(answer.split(" ", -1)).subList(from, to)))
        .toList();
  }

  /** All bits of the first and the last byte, the outer ones of the others. */
  @ParameterizedTest
  @EnumSource
  void noChangedByteIsObeyed(Library library) {
    var good = SIGNER.sign(Signer.command("reboot", 5));
    var lines = device();
    int messages = 0;
    for (int at = 0; at < good.length; at++) {
      boolean isEnd = at == 0 || at == good.length - 1;
      for (int bit = 0; bit < 8; bit += isEnd ? 1 : 7) {
        var changed = good.clone();
        changed[at] ^= (byte) (1 << bit);
        lines.add(receive(HEX.formatHex(changed)));
        messages++;
      }
    }
    lines.add(receive(HEX.formatHex(good)));

    var answers = library.answers(lines);

    assertThat(answers).hasSize(messages + 1);
    assertThat(answers.getLast()).startsWith("accepted px 5 0000000000000001 ");
    assertThat(words(answers.subList(0, messages), 1, 4)).containsOnly("- " + EMPTY);
    assertThat(words(answers.subList(0, messages), 0, 1)).doesNotContain("accepted");
  }

  @ParameterizedTest
  @EnumSource
  void nothingCutOffOrAddedIsObeyed(Library library) {
    var good = SIGNER.sign(Signer.command("reboot", 5));
    var lines = device();
    for (int length = 1; length < good.length; length++) {
      lines.add(receive(HEX.formatHex(Arrays.copyOf(good, length))));
    }
    lines.add(receive("-"));
    lines.add(receive(HEX.formatHex(Arrays.copyOf(good, good.length + 1))));
    lines.add(receive(HEX.formatHex(Arrays.copyOf(good, 4096))));
    lines.add(receive(HEX.formatHex(Arrays.copyOf(good, 4097))));

    var answers = library.answers(lines);

    assertThat(words(answers, 1, 4)).containsOnly("- " + EMPTY);
    assertThat(words(answers, 0, 1)).containsOnly("malformed", "not-tagged", "too-long");
    assertThat(words(answers.reversed().subList(0, 2), 0, 1))
        .containsExactly("too-long", "malformed");
  }

  @ParameterizedTest
  @EnumSource
  void whatComesAgainIsNotDoneAgain(Library library) {
    var five = SIGNER.send("reboot", 5);

    var answers =
        library.answers(
            device(
                receive(five),
                receive(five),
                receive(mirrored(five)),
                receive(SIGNER.send("reboot", 6)),
                receive(five)));

    assertThat(words(answers, 0, 2))
        .containsExactly("accepted px", "replayed -", "replayed -", "accepted px", "replayed -");
  }

  /** The other signature of the same bytes that everybody can make of one: r and n - s. */
  private static String mirrored(String envelope) {
    var order =
        new java.math.BigInteger(
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    int from = envelope.length() - 64;
    var s = new java.math.BigInteger(envelope.substring(from), 16);
    return envelope.substring(0, from) + "%064x".formatted(order.subtract(s));
  }

  /** Also where the permission does not say strict: its name does. */
  @ParameterizedTest
  @EnumSource
  void whatIsHeldBackUnlocksNothingLater(Library library) {
    var answers =
        library.answers(
            device(
                receive(SIGNER.send("reboot", 7)),
                receive(SIGNER.send("unlock", 6)),
                receive(SIGNER.send("reopen", 5)),
                receive(SIGNER.send("reboot", 4)),
                receive(SIGNER.send("unlock", 8))));

    assertThat(words(answers, 0, 2))
        .containsExactly(
            "accepted px", "out-of-order -", "out-of-order -", "accepted px", "accepted px");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsForAnotherIsNotObeyed(Library library) {
    var other = Signer.command(new PrincipalId("pump-18"), "reboot", 5, null, Map.of());
    var lines = device(receive(HEX.formatHex(SIGNER.sign(other))));
    lines.add("device " + Signer.DEVICE + " gasworks 60");
    lines.add(SIGNER.device().get(1));
    lines.add(receive(SIGNER.send("reboot", 5)));

    assertThat(words(library.answers(lines), 0, 2)).containsOnly("bad-signature -");
  }

  /** With a key of one's own, named as oneself or as the signer. */
  @ParameterizedTest
  @EnumSource
  void whatSomebodyElseSignsIsNotObeyed(Library library) {
    var forger = Signer.made();
    var own = forger.send("reboot", 5);
    var pretended = own.replace(forger.keyId(), SIGNER.keyId());

    assertThat(words(library.answers(device(receive(own), receive(pretended))), 0, 4))
        .containsExactly("unknown-key - " + EMPTY, "bad-signature - " + EMPTY);
  }

  /** A key that is no point of the curve verifies nothing, whatever the library makes of it. */
  @ParameterizedTest
  @EnumSource
  void aKeyThatIsNoneVerifiesNothing(Library library) {
    var lines = new ArrayList<String>();
    lines.add(SIGNER.device().getFirst());
    lines.add(SIGNER.device().get(1).replace(SIGNER.point(), "04" + "01".repeat(64)));
    lines.add(receive(SIGNER.send("reboot", 5)));

    assertThat(words(library.answers(lines), 0, 2)).containsExactly("bad-signature -");
  }

  @ParameterizedTest
  @EnumSource
  void firmwareNeverComesByACommandFromAfar(Library library) {
    var flash = SIGNER.send("flash-firmware", 5);

    var answers =
        library.answers(
            device(
                receive(flash),
                "receive 2 " + Signer.NOW + " " + flash,
                "receive 4 " + Signer.NOW + " " + flash,
                receive(SIGNER.send("self-test", 6))));

    assertThat(words(answers, 0, 2))
        .containsExactly("forbidden -", "forbidden -", "accepted px", "not-allowed -");
  }

  /** Nothing is done that is not remembered; what is remembered is not done twice. */
  @ParameterizedTest
  @EnumSource
  void itIsRememberedBeforeItIsDone(Library library) {
    var five = SIGNER.send("reboot", 5);

    var answers =
        library.answers(
            device(
                "fail persist",
                receive(five),
                "fail arguments",
                receive(five),
                "fail execute",
                receive(five),
                "fail none",
                receive(five)));

    assertThat(words(answers, 0, 4))
        .containsExactly(
            "not-remembered p " + EMPTY,
            "arguments - " + EMPTY,
            "failed px 5 0000000000000001",
            "replayed - 5 0000000000000001");
  }

  /** Without a clock only what answers the device's own challenge is of now, and that once. */
  @ParameterizedTest
  @EnumSource
  void withoutAClockAChallengeIsAnsweredOnce(Library library) {
    var challenge = new Challenge("5a".repeat(16));
    var answering =
        HEX.formatHex(SIGNER.sign(Signer.command(Signer.DEVICE, "reboot", 5, challenge, Map.of())));
    var again =
        HEX.formatHex(SIGNER.sign(Signer.command(Signer.DEVICE, "reboot", 6, challenge, Map.of())));

    var answers =
        library.answers(
            device(
                "receive 1 0 " + answering,
                "challenge " + "5b".repeat(16),
                "receive 1 0 " + answering,
                "receive 1 0 " + SIGNER.send("reboot", 5),
                "challenge " + challenge.hex(),
                receive(answering),
                "receive 1 0 " + answering,
                "receive 1 0 " + again));

    assertThat(words(answers, 0, 2))
        .containsExactly(
            "challenge -",
            "challenge -",
            "challenge -",
            "challenge -",
            "accepted px",
            "challenge -");
  }

  /** Seconds are not subtracted below 0, nor added above what there is. */
  @ParameterizedTest
  @EnumSource
  void timesAtTheirEndsAreCompared(Library library) {
    var message = SIGNER.send("reboot", 5);

    var answers =
        library.answers(
            device(
                "receive 1 1 " + message,
                "receive 1 18446744073709551615 " + message,
                "receive 1 " + (Signer.NOW + 60) + " " + message,
                "receive 1 " + (Signer.NOW - Signer.SKEW) + " " + message,
                "receive 1 " + (Signer.NOW - Signer.SKEW + 1) + " " + message));

    assertThat(words(answers, 0, 2))
        .containsExactly(
            "not-yet-valid -", "expired -", "expired -", "not-yet-valid -", "accepted px");
  }
}
