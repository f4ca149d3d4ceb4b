package io.sallyport.identity.command;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.identity.cose.CborValue;
import io.sallyport.identity.cose.MalformedCbor;
import io.sallyport.identity.cose.StrictCbor;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Any bytes are refused, in one way: the command key did not sign them. */
class CommandVerifierFuzz {
  private static final CommandVerifier VERIFIER = CommandVerifierTest.verifier();
  private static final Keyring RING =
      new Keyring(
          List.of(
              new Keyring.Member(1, TestKeys.COMMAND.publicKey(), Set.of()),
              new Keyring.Member(2, TestKeys.TRANSPORT.publicKey(), Set.of())));
  private static final Freshness NOW =
      new Freshness.Clock(Instant.ofEpochSecond(Vectors.NOW), Duration.ofSeconds(60));

  @FuzzTest
  void bytesCommandNothing(byte[] bytes) {
    // All whose signature is in the corpus were signed with a number that came before.
    var window = ReplayWindow.floor(ReplayWindow.NUMBER_MAX, ReplayWindow.SIZE);
    if (VERIFIER.decide(bytes, Channel.COMMANDS, NOW, _ -> window) instanceof Verdict.Accepted) {
      throw new AssertionError("believed");
    }
    try {
      Receipt.verify(
          bytes, Vectors.DEVICE, Vectors.TENANT, _ -> Optional.of(TestKeys.TRANSPORT.publicKey()));
      throw new AssertionError("believed");
    } catch (Receipt.Refused e) {
      // As it should.
    }
    try {
      // The one in the corpus introduces the key that is known already.
      if (RING.hear(bytes, Vectors.TENANT).isPresent()) {
        throw new AssertionError("believed");
      }
    } catch (Keyring.Refused e) {
      // As it should.
    }
    onlyOneEncoding(bytes);
  }

  private static void onlyOneEncoding(byte[] bytes) {
    CborValue value;
    try {
      value = StrictCbor.read(bytes, 4096, "the value");
    } catch (MalformedCbor e) {
      return;
    }
    if (!Arrays.equals(StrictCbor.write(value), bytes)) {
      throw new AssertionError("read in two encodings");
    }
    try {
      // What stands behind a signature, as a signer whose key was stolen could send it.
      var command = Command.of(value);
      if (!Arrays.equals(command.payload(), bytes)) {
        throw new AssertionError("a payload that is written otherwise");
      }
    } catch (MalformedCbor e) {
      // As it should.
    }
  }
}
