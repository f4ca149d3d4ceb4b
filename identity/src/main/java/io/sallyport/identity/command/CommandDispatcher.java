package io.sallyport.identity.command;

import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.command.Receipt.Result;
import io.sallyport.identity.command.Verdict.Accepted;
import io.sallyport.identity.command.Verdict.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Obeys commands on a device, each at most once: what was taken is remembered before it is done, so
 * that a loss of power in between loses the command and never repeats it. For one thread.
 */
public final class CommandDispatcher {
  /** What became of a message. */
  public sealed interface Outcome {
    /**
     * There is a receipt to be signed and sent.
     *
     * @param done whether the command was done or tried just now: then a challenge is used up
     */
    record Answer(Receipt receipt, boolean done) implements Outcome {}

    /** Nobody is answered: who sent it did not prove to be a signer. */
    record Silence(Refusal because, String detail) implements Outcome {}
  }

  private final CommandVerifier verifier;
  private final WindowStore store;
  private final CommandHandler handler;

  /** The dispatcher of one device. */
  public CommandDispatcher(CommandVerifier verifier, WindowStore store, CommandHandler handler) {
    this.verifier = verifier;
    this.store = store;
    this.handler = handler;
  }

  /** Takes a message from a channel, and does what it says if that is to be done. */
  public Outcome take(byte[] message, Channel channel, Freshness freshness) {
    Verdict verdict;
    try {
      verdict = verifier.decide(message, channel, freshness, this::window);
    } catch (UncheckedIOException e) {
      return new Outcome.Silence(Refusal.NOT_REMEMBERED, "what was taken before is not readable");
    }
    return switch (verdict) {
      case Accepted accepted -> obey(accepted, freshness);
      case Refused refused -> answer(refused, freshness);
    };
  }

  private ReplayWindow window(PublicKeyHash signer) {
    try {
      return store.window(signer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Outcome obey(Accepted accepted, Freshness freshness) {
    var command = accepted.command();
    try {
      store.remember(accepted.signer(), accepted.after());
    } catch (IOException e) {
      var refused = receipt(command, Result.REFUSED, Refusal.NOT_REMEMBERED, "", null, freshness);
      return new Outcome.Answer(refused, false);
    }
    var receipt = done(command, freshness);
    store.keep(receipt);
    return new Outcome.Answer(receipt, true);
  }

  private Receipt done(Command command, Freshness freshness) {
    try {
      var done = handler.execute(command);
      return receipt(
          command,
          done.done() ? Result.EXECUTED : Result.FAILED,
          null,
          done.detail(),
          done.stateHash(),
          freshness);
    } catch (RuntimeException e) {
      // Whatever it is: the signer learns that it did not work, and the device lives on.
      return receipt(
          command,
          Result.FAILED,
          null,
          "it failed: " + e.getClass().getSimpleName(),
          null,
          freshness);
    }
  }

  private Outcome answer(Refused refused, Freshness freshness) {
    if (refused.signed().isEmpty()) {
      return new Outcome.Silence(refused.because(), refused.detail());
    }
    var command = refused.signed().get();
    // Whatever else is wrong with it: no receipt can say a number that there is not.
    if (command.sequence() > ReplayWindow.NUMBER_MAX
        || refused.because() == Refusal.SEQUENCE_RANGE) {
      return new Outcome.Silence(refused.because(), refused.detail());
    }
    // Who sends it again may have missed the answer: so it is given again, and nothing is done.
    var before = store.answered(command.id());
    if (before.isPresent()) {
      return new Outcome.Answer(before.get(), false);
    }
    var receipt =
        refused.because() == Refusal.REPLAYED
            ? receipt(command, Result.UNKNOWN, null, "it came before", null, freshness)
            : receipt(
                command, Result.REFUSED, refused.because(), refused.detail(), null, freshness);
    return new Outcome.Answer(receipt, false);
  }

  private static Receipt receipt(
      Command command,
      Result result,
      @Nullable Refusal refusal,
      String detail,
      @Nullable String stateHash,
      Freshness freshness) {
    Instant at =
        switch (freshness) {
          case Freshness.Clock clock -> clock.now();
          case Freshness.Challenged _ -> null;
        };
    return new Receipt(
        command.id(),
        command.device(),
        command.sequence(),
        result,
        refusal,
        stateHash,
        shortened(detail),
        at);
  }

  /** A detail may come from anywhere on the device; a receipt has room for so much. */
  private static String shortened(String detail) {
    var bytes = detail.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= Receipt.DETAIL_MAX) {
      return detail;
    }
    // What is cut in the middle of a character decodes to a mark of three bytes.
    return new String(bytes, 0, Receipt.DETAIL_MAX - 5, StandardCharsets.UTF_8);
  }
}
