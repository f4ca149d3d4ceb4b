package io.sallyport.conformance.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.command.Receipt;
import io.sallyport.identity.command.Receipt.Result;
import io.sallyport.identity.command.Refusal;
import io.sallyport.identity.command.ReplayWindow;
import io.sallyport.identity.cose.CborValue;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a device with the verifier in C says of a command, as the server reads it. */
class ReceiptTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Signer SIGNER = Signer.made();
  private static final Signer DEVICE_KEY = Signer.made();
  private static final Fingerprint CERTIFICATE = new Fingerprint("c3".repeat(32));
  private static final String STATE = "5e".repeat(32);

  @BeforeAll
  static void needsTheCompiler() {
    Library.need();
  }

  private static List<String> device(String... then) {
    var secret = ((ECPrivateKey) DEVICE_KEY.pair().getPrivate()).getS();
    var lines = new ArrayList<>(SIGNER.device());
    lines.add("identity %064x %s".formatted(secret, CERTIFICATE.hex()));
    lines.addAll(List.of(then));
    return lines;
  }

  private static String receive(String name, long sequence) {
    return "receive 1 " + Signer.NOW + " " + SIGNER.send(name, sequence);
  }

  private static String said(String answer) {
    return answer.substring("receipt ".length());
  }

  private static Receipt read(String answer) throws Receipt.Refused {
    return read(answer, Signer.DEVICE, Signer.TENANT);
  }

  private static Receipt read(String answer, PrincipalId device, String tenant)
      throws Receipt.Refused {
    return Receipt.verify(
        HEX.parseHex(said(answer)),
        device,
        tenant,
        name ->
            name.equals(CERTIFICATE)
                ? Optional.of(DEVICE_KEY.pair().getPublic())
                : Optional.empty());
  }

  @ParameterizedTest
  @EnumSource
  void theServerReadsWhatBecameOfIt(Library library) throws Receipt.Refused {
    var detail = "grün".repeat(25);
    var answers =
        library.answers(
            device(
                receive("reboot", 70_000),
                "receipt %s %s %d 512"
                    .formatted(
                        STATE, HEX.formatHex(detail.getBytes(StandardCharsets.UTF_8)), Signer.NOW),
                "fail execute",
                receive("reboot", 70_001),
                "receipt - - 0 512",
                receive("reboot", 70_001),
                "receipt - - 0 512"));

    var executed = read(answers.get(1));
    assertThat(executed.result()).isEqualTo(Result.EXECUTED);
    assertThat(executed.command().hex()).isEqualTo("%032x".formatted(70_000));
    assertThat(executed.device()).isEqualTo(Signer.DEVICE);
    assertThat(executed.sequence()).isEqualTo(70_000);
    assertThat(executed.stateHash()).isEqualTo(STATE);
    assertThat(executed.detail()).isEqualTo(detail);
    assertThat(executed.at()).isEqualTo(Instant.ofEpochSecond(Signer.NOW));
    var failed = read(answers.get(3));
    assertThat(failed.result()).isEqualTo(Result.FAILED);
    assertThat(failed.stateHash()).isNull();
    assertThat(failed.detail()).isEmpty();
    assertThat(failed.at()).isNull();
    assertThat(read(answers.get(5)).result()).isEqualTo(Result.UNKNOWN);
  }

  @ParameterizedTest
  @EnumSource
  void everyRefusalThatIsToldHasItsReason(Library library) throws Receipt.Refused {
    var told = "receipt - - 0 512";
    var five = SIGNER.send("reboot", 5);
    var answers =
        library.answers(
            device(
                receive("flash-firmware", 5),
                told,
                receive("self-test", 5),
                told,
                "receive 1 0 " + five,
                told,
                "receive 1 " + (Signer.NOW + 60) + " " + five,
                told,
                "receive 1 " + (Signer.NOW - 60) + " " + five,
                told,
                "window 69 0000000000000001",
                "receive 1 " + Signer.NOW + " " + five,
                told,
                receive("unlock", 68),
                told,
                "fail arguments",
                receive("reboot", 68),
                told,
                "fail persist",
                receive("reboot", 68),
                told));

    var refusals = new ArrayList<Refusal>();
    for (int i = 1; i < answers.size(); i += 2) {
      var receipt = read(answers.get(i));
      assertThat(receipt.result()).isEqualTo(Result.REFUSED);
      refusals.add(receipt.refusal());
    }
    assertThat(refusals)
        .containsExactly(
            Refusal.FORBIDDEN,
            Refusal.NOT_ALLOWED,
            Refusal.CHALLENGE,
            Refusal.EXPIRED,
            Refusal.NOT_YET_VALID,
            Refusal.SEQUENCE_OLD,
            Refusal.OUT_OF_ORDER,
            Refusal.ARGUMENTS,
            Refusal.NOT_REMEMBERED);
  }

  /** Whoever did not prove to be a signer hears nothing: an answer would be an oracle. */
  @ParameterizedTest
  @EnumSource
  void nobodyElseIsAnswered(Library library) {
    var forged = Signer.made().send("reboot", 5);
    var answers =
        library.answers(
            device(
                "receive 1 " + Signer.NOW + " 00",
                "receipt - - 0 512",
                "receive 1 " + Signer.NOW + " " + forged,
                "receipt - - 0 512",
                "receive 1 "
                    + Signer.NOW
                    + " "
                    + forged.replace(forged.substring(18, 82), SIGNER.keyId()),
                "receipt - - 0 512"));

    assertThat(answers.stream().filter(answer -> answer.startsWith("receipt")).toList())
        .hasSize(3)
        .containsOnly("receipt -");
  }

  /** With 2^48 in the place of the highest number, well signed. */
  private static byte[] beyond() {
    var good = SIGNER.sign(Signer.command("reboot", ReplayWindow.NUMBER_MAX));
    int headerEnd = 4 + good[3];
    var payload =
        HEX.formatHex(good, headerEnd + 3, good.length - 66)
            .replace("1b0000ffffffffffff", "1b0001000000000000");
    return SIGNER.signRaw(Arrays.copyOfRange(good, 4, headerEnd), HEX.parseHex(payload));
  }

  /** Not even a signer is answered for a number that there is not: no receipt can say it. */
  @ParameterizedTest
  @EnumSource
  void aNumberThatThereIsNotIsNotAnswered(Library library) {
    var message = HEX.formatHex(beyond());
    var answers =
        library.answers(
            device(
                "receive 1 " + Signer.NOW + " " + message,
                "receipt - - 0 512",
                "receive 1 " + (Signer.NOW + 60) + " " + message,
                "receipt - - 0 512"));

    assertThat(answers.get(0)).startsWith("sequence-range -");
    assertThat(answers.get(2)).startsWith("expired -");
    assertThat(answers.get(1)).isEqualTo("receipt -").isEqualTo(answers.get(3));
  }

  @ParameterizedTest
  @EnumSource
  void isOfThisDeviceAndThisInstallationAlone(Library library) {
    var answer = library.answers(device(receive("reboot", 5), "receipt - - 0 512")).get(1);

    assertThatThrownBy(() -> read(answer, new PrincipalId("pump-18"), Signer.TENANT))
        .isInstanceOf(Receipt.Refused.class);
    assertThatThrownBy(() -> read(answer, Signer.DEVICE, "gasworks"))
        .isInstanceOf(Receipt.Refused.class);
  }

  /** With the sanitizers watching: nothing is written beyond, and half a receipt is none. */
  @ParameterizedTest
  @EnumSource
  void isWrittenWholeOrNotAtAll(Library library) {
    var detail = "64".repeat(128);
    var lines = device(receive("reboot", 5));
    for (int size = 1; size <= 512; size++) {
      lines.add("receipt " + STATE + " " + detail + " " + Signer.NOW + " " + size);
    }
    lines.add("receipt - " + "64".repeat(129) + " 0 512");
    lines.add("fail sign");
    lines.add("receipt - - 0 512");

    var answers = library.answers(lines);

    int length = said(answers.get(512)).length() / 2;
    assertThat(length).isGreaterThan(300).isLessThan(512);
    assertThat(answers.subList(1, length)).containsOnly("receipt -");
    assertThat(answers.subList(length, 513)).containsOnly(answers.get(512));
    assertThat(answers.subList(513, 515)).containsOnly("receipt -");
  }

  @ParameterizedTest
  @EnumSource
  void argumentsAreRead(Library library) {
    var arguments =
        Map.<String, CborValue>of(
            "number", new CborValue.Whole(1L << 40),
            "negative", new CborValue.Whole(Long.MIN_VALUE),
            "text", new CborValue.Text("grün"),
            "bytes", new CborValue.Bytes(new byte[] {1, 2}),
            "yes", new CborValue.Truth(true),
            "no", new CborValue.Truth(false),
            "none", new CborValue.Nothing(),
            "array", new CborValue.Items(List.of(new CborValue.Whole(1))));
    var message =
        HEX.formatHex(SIGNER.sign(Signer.command(Signer.DEVICE, "reboot", 5, null, arguments)));

    var answers =
        library.answers(
            device(
                "receive 1 " + Signer.NOW + " " + message,
                "argument number",
                "argument negative",
                "argument text",
                "argument bytes",
                "argument yes",
                "argument no",
                "argument none",
                "argument array",
                "argument numbers",
                "argument numbe"));

    assertThat(answers.subList(1, answers.size()).stream().map(ReceiptTest::kindAndValue))
        .containsExactly(
            "0 1099511627776",
            "0 -9223372036854775808",
            "3 6772c3bc6e",
            "2 0102",
            "7 21",
            "7 20",
            "7 22",
            "4 8101",
            "-",
            "-");
  }

  /** Of a number and a simple value the number, of others the text. */
  private static String kindAndValue(String answer) {
    var words = answer.split(" ", -1);
    if (words.length == 1) {
      return answer;
    }
    return words[0] + " " + (words[0].matches("[07]") ? words[1] : words[2]);
  }
}
