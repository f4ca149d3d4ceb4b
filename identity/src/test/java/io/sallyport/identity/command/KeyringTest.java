package io.sallyport.identity.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.command.Keyring.Member;
import io.sallyport.identity.issuance.EnvelopeKeys;
import io.sallyport.identity.issuance.KeyPairs;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a device comes to believe another command key, and how it does not. */
class KeyringTest {
  private static final Set<CommandName> PING = Set.of(new CommandName("ping"));

  private final KeyPair first = KeyPairs.p256();
  private final KeyPair second = KeyPairs.p256();
  private final KeyPair third = KeyPairs.p256();
  private final Keyring ring = new Keyring(List.of(member(1, first), member(2, second)));

  private static Member member(long generation, KeyPair pair) {
    return new Member(generation, pair.getPublic(), PING);
  }

  private static byte[] introduction(long generation, KeyPair key, KeyPair by) {
    return introduction(generation, key, by, by);
  }

  private static byte[] introduction(long generation, KeyPair key, KeyPair named, KeyPair by) {
    return Keyring.introduce(
        generation,
        key.getPublic(),
        Vectors.TENANT,
        new Member(1, named.getPublic(), Set.of()).id(),
        EnvelopeKeys.of(by));
  }

  private static void refused(Keyring ring, byte[] message, String why) {
    assertThatThrownBy(() -> ring.hear(message, Vectors.TENANT))
        .isInstanceOf(Keyring.Refused.class)
        .hasMessageContaining(why);
  }

  @Test
  void theNewestIntroducesTheNextWhichInheritsWhatItMay() throws Exception {
    var heard = ring.hear(introduction(3, third, second), Vectors.TENANT).orElseThrow();
    assertThat(heard.members()).containsExactly(member(2, second), member(3, third));
    assertThat(heard.ids()).doesNotContain(ring.ids().getFirst());
  }

  @Test
  void whatIsRepeatedChangesNothing() throws Exception {
    var known = introduction(2, second, first);
    assertThat(ring.hear(known, Vectors.TENANT)).isEmpty();
    var later = ring.hear(introduction(3, third, second), Vectors.TENANT).orElseThrow();
    assertThat(later.hear(introduction(3, third, second), Vectors.TENANT)).isEmpty();
    // Its introducer is forgotten, so that one who stole its key says nothing here any more.
    refused(later, known, "no command key has the id");
  }

  @Test
  void aForgedOneIsNotBelieved() {
    var thief = KeyPairs.p256();
    refused(ring, introduction(3, thief, second, thief), "did not sign");
    assertThatThrownBy(() -> ring.hear(introduction(3, thief, thief), Vectors.TENANT))
        .isInstanceOfSatisfying(
            Keyring.Refused.class, refused -> assertThat(refused.isUnknownSigner()).isTrue());
    assertThatThrownBy(() -> ring.hear(introduction(3, third, second), "another"))
        .isInstanceOf(Keyring.Refused.class);
  }

  @Test
  void aStolenKeyReplacesNoKeyThatIsKnown() {
    var thief = KeyPairs.p256();
    refused(ring, introduction(2, thief, first), "another key of generation 2");
    refused(ring, introduction(3, thief, first), "no other");
    refused(ring, introduction(1, thief, second), "no other");
    refused(ring, introduction(Long.MAX_VALUE, thief, second), "no other");
    refused(ring, introduction(3, second, second), "twice");
  }

  @Test
  void notAByteOfItCanBeAnother() {
    var good = introduction(3, third, second);
    for (int at = 0; at < good.length; at++) {
      var changed = good.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> ring.hear(changed, Vectors.TENANT))
          .isInstanceOf(Keyring.Refused.class);
    }
  }

  @Test
  void aCommandIsNoIntroductionNorTheOtherWayRound() {
    var command = Vectors.sign(Vectors.command("reboot", 5));
    assertThat(Keyring.isIntroduction(command)).isFalse();
    var signer = new Keyring(List.of(new Member(1, TestKeys.COMMAND.publicKey(), PING)));
    assertThatThrownBy(() -> signer.hear(command, Vectors.TENANT))
        .isInstanceOf(Keyring.Refused.class);
    var message = introduction(3, third, second);
    assertThat(Keyring.isIntroduction(message)).isTrue();
    var verifier = new CommandVerifier(Vectors.DEVICE, Vectors.TENANT, ring.allowed(Map.of()));
    var now = new Freshness.Clock(Instant.ofEpochSecond(Vectors.NOW), Duration.ofSeconds(60));
    var verdict =
        verifier.decide(message, Channel.COMMANDS, now, _ -> ReplayWindow.empty(ReplayWindow.SIZE));
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.because()).isEqualTo(Refusal.HEADER));
  }

  @Test
  void onlyWhatAKeyMayIsAllowed() {
    var rule = new CommandRule(Set.of(Channel.COMMANDS), false, Map.of(), Map.of());
    var rules = Map.of(new CommandName("ping"), rule, new CommandName("reboot"), rule);
    var signer = ring.allowed(rules).signer(ring.newest().id().hex());
    assertThat(Objects.requireNonNull(signer).commands()).containsOnlyKeys(new CommandName("ping"));
  }

  @Test
  void isNothingElseThanAFewGenerationsOfKeys() throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(384);
    var p384 = generator.generateKeyPair();
    impossible(() -> member(1, p384));
    impossible(() -> member(0, first));
    impossible(() -> member(Keyring.GENERATION_MAX + 1, first));
    impossible(() -> new Member(1, first.getPublic(), Set.of(CommandName.FLASH_FIRMWARE)));
    impossible(() -> new Keyring(List.of()));
    impossible(() -> new Keyring(List.of(member(1, first), member(3, third))));
    impossible(() -> new Keyring(List.of(member(1, first), member(2, first))));
    var many = IntStream.range(1, 10).mapToObj(one -> member(one, KeyPairs.p256())).toList();
    impossible(() -> new Keyring(many));
    impossible(() -> introduction(3, p384, second));
    impossible(() -> introduction(3, third, second, p384));
  }

  private static void impossible(org.assertj.core.api.ThrowableAssert.ThrowingCallable made) {
    assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class);
  }
}
