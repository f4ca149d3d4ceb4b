package io.sallyport.conformance.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The verifier in C says what everybody's verifier must say. */
class CommandVectorsTest {
  private static final Path VECTORS =
      Path.of("../identity/src/test/resources/io/sallyport/identity/command/vectors.json");

  // The key named "11" of cose-wg/Examples, with which RFC 9052 signs too (appendix C.7.1).
  private static final String KEY_11 =
      "04bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff"
          + "20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e";
  // cose-wg/Examples, sign1-tests/sign-pass-02, and what is signed besides.
  private static final String PASS_02 =
      "d28443a10126a10442313154546869732069732074686520636f6e74656e742e584010729cd711cb3813d8d8e944"
          + "a8da7111e7b258c9bdca6135f7ae1adbee9509891267837e1e33bd36c150326ae62755c6bd8e540c3e8f92d7"
          + "d225e8db72b8820b";
  private static final String PASS_02_BESIDES = "11aa22bb33cc44dd55006699";
  // RFC 9052, appendix C.2.1.
  private static final String RFC_9052 =
      "d28443a10126a10442313154546869732069732074686520636f6e74656e742e58408eb33e4ca31d1c465ab05aac"
          + "34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b09"
          + "16e5a4c345cacb36";

  @BeforeAll
  static void needsTheCompiler() {
    Library.need();
  }

  @ParameterizedTest
  @EnumSource
  void givesTheVerdictsOfTheVectors(Library library) throws IOException {
    var file = new JsonMapper().readTree(Files.readString(VECTORS));
    var device =
        List.of(
            "device %s %s %d"
                .formatted(text(file, "device"), text(file, "tenant"), file.get("skew").asLong()),
            "signer %s %s %s"
                .formatted(
                    text(file.get("key"), "id"), text(file.get("key"), "point"), allowed(file)));
    var lines = new ArrayList<String>();
    var expected = new ArrayList<String>();
    for (var one : file.get("cases")) {
      lines.addAll(device);
      lines.add("window " + window(one.get("before")));
      if (one.has("challenge")) {
        lines.add("challenge " + text(one, "challenge"));
      }
      var envelope = text(one, "envelope");
      lines.add(
          "receive %d %d %s"
              .formatted(
                  bit(text(one, "channel")),
                  one.has("now") ? one.get("now").asLong() : 0,
                  envelope.isEmpty() ? "-" : envelope));
      var calls = text(one, "verdict").equals("accepted") ? "px" : "-";
      expected.add(
          "%s: %s %s %s"
              .formatted(text(one, "name"), text(one, "verdict"), calls, window(one.get("after"))));
    }

    var answers = library.answers(lines);

    assertThat(answers).hasSameSizeAs(expected).hasSizeGreaterThan(100);
    for (int i = 0; i < answers.size(); i++) {
      var name = expected.get(i).substring(0, expected.get(i).indexOf(':'));
      assertThat(name + ": " + firstWords(answers.get(i))).isEqualTo(expected.get(i));
    }
  }

  private static int bit(String channel) {
    return switch (channel) {
      case "commands" -> 1;
      case "aws-commands" -> 2;
      case "local" -> 4;
      default -> throw new AssertionError("no channel: " + channel);
    };
  }

  private static String text(JsonNode node, String member) {
    return node.get(member).asString();
  }

  /** In C an empty window has 0 at its top, and nothing in its map. */
  private static String window(JsonNode window) {
    return Math.max(window.get("top").asLong(), 0) + " " + text(window, "map");
  }

  private static String allowed(JsonNode file) {
    var permissions = new ArrayList<String>();
    for (var permission : file.get("allowed").properties()) {
      int channels = 0;
      for (var channel : permission.getValue().get("channels")) {
        channels |= bit(channel.asString());
      }
      permissions.add(
          permission.getKey()
              + "="
              + channels
              + (permission.getValue().get("strict").asBoolean() ? "s" : ""));
    }
    return String.join(",", permissions);
  }

  private static String firstWords(String answer) {
    var words = answer.split(" ", -1);
    return String.join(" ", List.of(words).subList(0, 4));
  }

  @ParameterizedTest
  @EnumSource
  void verifiesSignaturesOfOthers(Library library) {
    var answers =
        library.answers(
            List.of(
                "cose " + KEY_11 + " " + PASS_02 + " " + PASS_02_BESIDES,
                "cose " + KEY_11 + " " + RFC_9052 + " -",
                "cose " + KEY_11 + " " + PASS_02 + " -",
                "cose " + KEY_11 + " " + PASS_02.replace("10729c", "10729d") + " 11aa",
                "cose " + KEY_11 + " " + PASS_02.replace("0126", "0138") + " " + PASS_02_BESIDES));

    assertThat(answers).containsExactly("true", "true", "false", "false", "false");
  }

  /** They are good signatures, and no commands: other headers, or no tag. */
  @ParameterizedTest
  @EnumSource
  void takesNoneOfThemForACommand(Library library) {
    var lines = new ArrayList<String>();
    lines.add("device device-001 sallyport 60");
    lines.add("signer " + "00".repeat(32) + " " + KEY_11 + " reboot=1");
    for (var message :
        List.of(PASS_02, RFC_9052, PASS_02.substring(2), "d903e6" + PASS_02.substring(2))) {
      lines.add("receive 1 1800000000 " + message);
    }

    assertThat(library.answers(lines).stream().map(answer -> answer.split(" ", -1)[0]))
        .containsExactly("header", "header", "not-tagged", "not-tagged");
  }

  /** Number, whether its signature is good, verdict, highest number and map of the window then. */
  private static final List<String> WINDOW_64 =
      List.of(
          "0 ok accepted 0 0000000000000001",
          "0 ok replayed 0 0000000000000001",
          "1 ok accepted 1 0000000000000003",
          "5 ok accepted 5 0000000000000031",
          "3 ok accepted 5 0000000000000035",
          "3 ok replayed 5 0000000000000035",
          "5 ok replayed 5 0000000000000035",
          "68 ok accepted 68 8000000000000001",
          "5 ok replayed 68 8000000000000001",
          "4 ok sequence-old 68 8000000000000001",
          "6 ok accepted 68 c000000000000001",
          "69 ok accepted 69 8000000000000003",
          "5 ok sequence-old 69 8000000000000003",
          "200 bad bad-signature 69 8000000000000003",
          "69 ok replayed 69 8000000000000003",
          "70 ok accepted 70 0000000000000007",
          "200 ok accepted 200 0000000000000001",
          "137 ok accepted 200 8000000000000001",
          "136 ok sequence-old 200 8000000000000001",
          "281474976710655 ok accepted 281474976710655 0000000000000001",
          "281474976710656 ok sequence-range 281474976710655 0000000000000001",
          "199 ok sequence-old 281474976710655 0000000000000001");

  private static final List<String> WINDOW_32 =
      List.of(
          "0 ok accepted 0 00000001",
          "0 ok replayed 0 00000001",
          "1 ok accepted 1 00000003",
          "5 ok accepted 5 00000031",
          "3 ok accepted 5 00000035",
          "3 ok replayed 5 00000035",
          "5 ok replayed 5 00000035",
          "68 ok accepted 68 00000001",
          "5 ok sequence-old 68 00000001",
          "6 ok sequence-old 68 00000001",
          "69 ok accepted 69 00000003",
          "200 bad bad-signature 69 00000003",
          "69 ok replayed 69 00000003",
          "70 ok accepted 70 00000007",
          "200 ok accepted 200 00000001",
          "137 ok sequence-old 200 00000001",
          "281474976710655 ok accepted 281474976710655 00000001",
          "281474976710656 ok sequence-range 281474976710655 00000001",
          "199 ok sequence-old 281474976710655 00000001");

  private static final List<String> WINDOW_1 =
      List.of(
          "0 ok accepted 0 1",
          "0 ok replayed 0 1",
          "5 ok accepted 5 1",
          "4 ok sequence-old 5 1",
          "5 ok replayed 5 1",
          "6 bad bad-signature 5 1",
          "6 ok accepted 6 1",
          "70 ok accepted 70 1",
          "69 ok sequence-old 70 1",
          "281474976710655 ok accepted 281474976710655 1",
          "281474976710655 ok replayed 281474976710655 1",
          "18446744073709551615 ok sequence-range 281474976710655 1");

  @ParameterizedTest
  @EnumSource
  void theWindowMovesAsItMust(Library library) {
    for (var window : Map.of(64, WINDOW_64, 32, WINDOW_32, 1, WINDOW_1).entrySet()) {
      var lines = new ArrayList<String>();
      lines.add("device device-001 sallyport 60");
      var expected = new ArrayList<String>();
      for (var row : window.getValue()) {
        var cells = row.split(" ", -1);
        lines.add("mark %d %s %s".formatted(window.getKey(), cells[0], cells[1]));
        expected.add(cells[2] + " " + cells[3] + " " + cells[4]);
      }

      var answers =
          library.answers(lines).stream().map(answer -> within(window.getKey(), answer)).toList();

      assertThat(answers).as("a window of %s", window.getKey()).isEqualTo(expected);
    }
  }

  /** The map always remembers 64 numbers; a narrower window looks at the nearest. */
  private static String within(int width, String answer) {
    var words = answer.split(" ", -1);
    long map = Long.parseUnsignedLong(words[2], 16) & (width == 64 ? -1L : (1L << width) - 1);
    return words[0] + " " + words[1] + " " + ("%0" + Math.max(width / 4, 1) + "x").formatted(map);
  }

  @ParameterizedTest
  @EnumSource
  void aStartRaisesTheFloor(Library library) {
    var answers =
        library.answers(
            List.of(
                "device device-001 sallyport 60",
                "raise 200",
                "mark 64 200 ok",
                "mark 64 199 ok",
                "mark 64 137 ok",
                "mark 64 136 ok",
                "mark 64 201 ok",
                "mark 64 200 ok"));

    assertThat(answers.stream().map(answer -> answer.split(" ", -1)[0]))
        .containsExactly(
            "replayed", "replayed", "replayed", "sequence-old", "accepted", "replayed");
  }
}
