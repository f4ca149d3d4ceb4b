package io.sallyport.conformance.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.command.AllowList;
import io.sallyport.identity.command.ArgumentRule;
import io.sallyport.identity.command.Channel;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.command.CommandRule;
import io.sallyport.identity.command.CommandVerifier;
import io.sallyport.identity.command.Freshness;
import io.sallyport.identity.command.Refusal;
import io.sallyport.identity.command.ReplayWindow;
import io.sallyport.identity.command.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The verifiers in C and in Java say the same of whatever comes. */
class AgreementTest {
  private static final int MESSAGES = 10_000;
  private static final long SEED = 38;
  private static final List<Channel> CHANNELS = List.of(Channel.values());
  private static final HexFormat HEX = HexFormat.of();
  private static final Signer SIGNER = Signer.made();
  private static final ReplayWindow BEFORE =
      new ReplayWindow(Mutations.SEQUENCE, 0xa5a5_0000_1111_2221L, ReplayWindow.SIZE);

  @BeforeAll
  static void needsTheCompiler() {
    Library.need();
  }

  /** One message, how it came, and whether the device has a clock. */
  @SuppressWarnings("ArrayRecordComponent") // Lives within one test.
  private record Case(byte[] message, Channel channel, boolean hasClock) {
    String line() {
      return "receive %d %d %s"
          .formatted(
              bit(channel),
              hasClock ? Signer.NOW : 0,
              message.length == 0 ? "-" : HEX.formatHex(message));
    }

    Freshness freshness() {
      return hasClock
          ? new Freshness.Clock(Instant.ofEpochSecond(Signer.NOW), Duration.ofSeconds(Signer.SKEW))
          : new Freshness.Challenged(Mutations.CHALLENGE);
    }
  }

  private static int bit(Channel channel) {
    return switch (channel) {
      case COMMANDS -> 1;
      case AWS_COMMANDS -> 2;
      case LOCAL -> 4;
    };
  }

  private static List<Case> cases() {
    var luck = new Random(SEED);
    var mutations = new Mutations(SIGNER, luck);
    var cases = new ArrayList<Case>();
    for (int i = 0; i < MESSAGES; i++) {
      var channel =
          luck.nextInt(4) > 0 ? Channel.COMMANDS : CHANNELS.get(luck.nextInt(CHANNELS.size()));
      cases.add(new Case(mutations.next(), channel, luck.nextInt(6) > 0));
    }
    return cases;
  }

  @ParameterizedTest
  @EnumSource
  void tenThousandMessagesAreJudgedAlike(Library library) {
    var cases = cases();
    var lines = new ArrayList<>(SIGNER.device());
    for (var one : cases) {
      lines.add("window %d %016x".formatted(BEFORE.top(), BEFORE.map()));
      lines.add("challenge " + Mutations.CHALLENGE.hex());
      lines.add(one.line());
    }

    var answers = library.answers(lines);

    assertThat(answers).hasSize(MESSAGES);
    var seen = new TreeMap<String, Integer>();
    for (int i = 0; i < MESSAGES; i++) {
      var expected = judged(cases.get(i));
      var words = answers.get(i).split(" ", -1);
      assertThat(words[0] + " " + words[2] + " " + words[3])
          .as("message %s: %s", i, cases.get(i).line())
          .isEqualTo(expected);
      seen.merge(words[0], 1, Integer::sum);
    }
    // Otherwise it would be an agreement on little.
    assertThat(seen)
        .containsKeys(
            "accepted",
            "malformed",
            "header",
            "algorithm",
            "unknown-key",
            "not-allowed",
            "bad-signature",
            "other-device",
            "expired",
            "not-yet-valid",
            "challenge",
            "sequence-range",
            "sequence-old",
            "replayed",
            "out-of-order",
            "forbidden");
    assertThat(seen.get("accepted")).isGreaterThan(200);
  }

  private static String judged(Case one) {
    var verdict =
        new CommandVerifier(Signer.DEVICE, Signer.TENANT, allowed())
            .decide(one.message(), one.channel(), one.freshness(), _ -> BEFORE);
    return switch (verdict) {
      case Verdict.Accepted accepted -> "accepted " + window(accepted.after());
      // The device in C leaves arguments to what executes; that of the tests takes any.
      case Verdict.Refused refused when refused.because() == Refusal.ARGUMENTS ->
          "accepted " + window(BEFORE.mark(refused.signed().orElseThrow().sequence()));
      case Verdict.Refused refused -> refused.because().word() + " " + window(BEFORE);
    };
  }

  private static String window(ReplayWindow window) {
    return "%d %016x".formatted(window.top(), window.map());
  }

  /** As {@link Signer#device} has it. */
  private static AllowList allowed() {
    var afar = Set.of(Channel.COMMANDS, Channel.AWS_COMMANDS);
    return new AllowList(
        List.of(
            new AllowList.Signer(
                SIGNER.pair().getPublic(),
                Map.of(
                    new CommandName("reboot"),
                    rule(afar, false),
                    new CommandName("unlock"),
                    rule(Set.of(Channel.COMMANDS), false),
                    new CommandName("reopen"),
                    rule(Set.of(Channel.COMMANDS), true),
                    new CommandName("self-test"),
                    rule(Set.of(Channel.LOCAL), false),
                    CommandName.FLASH_FIRMWARE,
                    rule(Set.of(Channel.LOCAL), false)))));
  }

  private static CommandRule rule(Set<Channel> channels, boolean strict) {
    return new CommandRule(channels, strict, Map.of(), Map.of("*", new ArgumentRule.Anything()));
  }
}
