package io.sallyport.identity.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.command.Verdict.Accepted;
import io.sallyport.identity.command.Verdict.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Which commands a device obeys. */
class CommandVerifierTest {
  private static final Set<Channel> AFAR = Set.of(Channel.COMMANDS, Channel.AWS_COMMANDS);
  private static final Map<String, ArgumentRule> ANY = Map.of();

  static AllowList allowed() {
    return new AllowList(
        List.of(
            new AllowList.Signer(
                TestKeys.COMMAND.publicKey(),
                Map.of(
                    new CommandName("reboot"),
                    anyArguments(AFAR, false),
                    new CommandName("unlock"),
                    anyArguments(Set.of(Channel.COMMANDS), false),
                    new CommandName("self-test"),
                    anyArguments(Set.of(Channel.LOCAL), false)))));
  }

  private static CommandRule anyArguments(Set<Channel> channels, boolean strict) {
    var anything = new ArgumentRule.Anything();
    return new CommandRule(
        channels,
        strict,
        ANY,
        Map.of(
            "delay", anything, "text", anything, "yes", anything, "no", anything, "none", anything,
            "map", anything, "a", anything));
  }

  static CommandVerifier verifier() {
    return new CommandVerifier(Vectors.DEVICE, Vectors.TENANT, allowed());
  }

  private static Verdict decide(byte[] envelope, ReplayWindow window) {
    return verifier().decide(envelope, Channel.COMMANDS, clock(Vectors.NOW), _ -> window);
  }

  private static Freshness clock(long now) {
    return new Freshness.Clock(Instant.ofEpochSecond(now), Duration.ofSeconds(Vectors.SKEW));
  }

  @TestFactory
  List<DynamicTest> everyVector() {
    return Vectors.all().stream()
        .map(one -> DynamicTest.dynamicTest(one.name(), () -> holds(one)))
        .toList();
  }

  private static void holds(Vectors.Case one) {
    var challenge = one.challenge();
    var verdict =
        verifier()
            .decide(
                one.envelope(),
                one.channel(),
                challenge == null ? clock(one.now()) : new Freshness.Challenged(challenge),
                _ -> one.before());
    switch (verdict) {
      case Accepted accepted -> {
        assertThat(one.verdict()).isEqualTo("accepted");
        assertThat(accepted.after()).isEqualTo(one.after());
      }
      case Refused refused -> assertThat(refused.because().word()).isEqualTo(one.verdict());
    }
  }

  /** The file is what verifiers in other languages read. Made by -Dvectors.write=FILE. */
  @Test
  void theFileHoldsTheVectors() throws IOException {
    var write = System.getProperty("vectors.write");
    if (write != null) {
      Files.writeString(Path.of(write), Vectors.json());
    }
    try (var file = CommandVerifierTest.class.getResourceAsStream("vectors.json")) {
      assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(Vectors.json());
    }
  }

  @Test
  void anyOtherByteIsRefused() {
    var good = Vectors.sign(Vectors.command("reboot", 5));
    for (int at = 0; at < good.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        var changed = good.clone();
        changed[at] ^= (byte) (1 << bit);
        assertThat(decide(changed, ReplayWindow.empty(64)))
            .as("byte %s, bit %s", at, bit)
            .isInstanceOf(Refused.class);
      }
    }
  }

  @Test
  void anythingCutOffIsRefused() {
    var good = Vectors.sign(Vectors.command("reboot", 5));
    for (int length = 0; length < good.length; length++) {
      assertThat(decide(java.util.Arrays.copyOf(good, length), ReplayWindow.empty(64)))
          .as("%s bytes", length)
          .isInstanceOf(Refused.class);
    }
  }

  @Test
  void onlyASignedCommandIsWorthAnAnswer() {
    var good = Vectors.sign(Vectors.command("reboot", 5));
    assertThat(decide(good, ReplayWindow.empty(64).mark(5)))
        .isInstanceOfSatisfying(Refused.class, no -> assertThat(no.signed()).isPresent());
    var renamed = TestKeys.withEnd(Vectors.sign(Vectors.command("format-disk", 5)), "00");
    assertThat(decide(renamed, ReplayWindow.empty(64)))
        .isInstanceOfSatisfying(Refused.class, no -> assertThat(no.signed()).isEmpty());
  }

  @Test
  void nobodyMayAllowFirmwareFromAfar() {
    var rule = Map.of(CommandName.FLASH_FIRMWARE, new CommandRule(AFAR, true, ANY, ANY));
    assertThatThrownBy(() -> new AllowList.Signer(TestKeys.COMMAND.publicKey(), rule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("never a command from afar");
    var atTheDevice =
        Map.of(CommandName.FLASH_FIRMWARE, new CommandRule(Set.of(Channel.LOCAL), true, ANY, ANY));
    var list =
        new AllowList(List.of(new AllowList.Signer(TestKeys.COMMAND.publicKey(), atTheDevice)));
    var verifier = new CommandVerifier(Vectors.DEVICE, Vectors.TENANT, list);
    var flash = Vectors.sign(Vectors.with(Vectors.command("flash-firmware", 5), Map.of()));
    for (var channel : Channel.values()) {
      var verdict =
          verifier.decide(flash, channel, clock(Vectors.NOW), _ -> ReplayWindow.empty(64));
      assertThat(verdict instanceof Accepted).as("%s", channel).isEqualTo(channel == Channel.LOCAL);
    }
  }

  @Test
  void argumentsHaveBounds() {
    var rule =
        new CommandRule(
            AFAR,
            false,
            Map.of("seconds", new ArgumentRule.Number(1, 60)),
            Map.of("text", new ArgumentRule.Words(4), "on", new ArgumentRule.Switch()));
    var list =
        new AllowList(
            List.of(
                new AllowList.Signer(
                    TestKeys.COMMAND.publicKey(), Map.of(new CommandName("set"), rule))));
    var verifier = new CommandVerifier(Vectors.DEVICE, Vectors.TENANT, list);
    assertThat(complaint(verifier, Map.of("seconds", 1, "text", "grün", "on", true)))
        .isEqualTo("ARGUMENTS the argument text is out of its bounds");
    assertThat(complaint(verifier, Map.of("seconds", 60, "text", "four", "on", true)))
        .isEqualTo("accepted");
    assertThat(complaint(verifier, Map.of("on", true))).contains("seconds is missing");
    assertThat(complaint(verifier, Map.of("seconds", 0))).contains("out of its bounds");
    assertThat(complaint(verifier, Map.of("seconds", 61))).contains("out of its bounds");
    assertThat(complaint(verifier, Map.of("seconds", "1"))).contains("out of its bounds");
    assertThat(complaint(verifier, Map.of("seconds", 1, "on", 1))).contains("out of its bounds");
    assertThat(complaint(verifier, Map.of("seconds", 1, "x", 1))).contains("x is not known");
  }

  private static String complaint(CommandVerifier verifier, Map<String, Object> arguments) {
    var values = new java.util.HashMap<String, io.sallyport.identity.cose.CborValue>();
    arguments.forEach(
        (name, value) ->
            values.put(
                name,
                switch (value) {
                  case Integer number -> new io.sallyport.identity.cose.CborValue.Whole(number);
                  case Boolean truth -> new io.sallyport.identity.cose.CborValue.Truth(truth);
                  default -> new io.sallyport.identity.cose.CborValue.Text(value.toString());
                }));
    var envelope = Vectors.sign(Vectors.with(Vectors.command("set", 5), values));
    return switch (verifier.decide(
        envelope, Channel.COMMANDS, clock(Vectors.NOW), _ -> ReplayWindow.empty(64))) {
      case Accepted _ -> "accepted";
      case Refused refused -> refused.because() + " " + refused.detail();
    };
  }
}
