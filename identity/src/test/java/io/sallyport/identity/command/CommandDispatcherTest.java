package io.sallyport.identity.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.command.CommandDispatcher.Outcome;
import io.sallyport.identity.command.Receipt.Result;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a device does with what comes: each command at most once, whatever breaks. */
class CommandDispatcherTest implements WindowStore, CommandHandler {
  private final List<String> order = new ArrayList<>();
  private final Map<PublicKeyHash, ReplayWindow> windows = new HashMap<>();
  private final Map<CommandId, Receipt> answers = new HashMap<>();
  private boolean readable = true;
  private boolean writable = true;
  private CommandHandler work = _ -> new Done(true, "", null);
  private final CommandDispatcher dispatcher =
      new CommandDispatcher(CommandVerifierTest.verifier(), this, this);

  @Override
  public ReplayWindow window(PublicKeyHash signer) throws IOException {
    if (!readable) {
      throw new IOException("torn");
    }
    return windows.getOrDefault(signer, ReplayWindow.empty(ReplayWindow.SIZE));
  }

  @Override
  public void remember(PublicKeyHash signer, ReplayWindow window) throws IOException {
    order.add("remember");
    if (!writable) {
      throw new IOException("full");
    }
    windows.put(signer, window);
  }

  @Override
  public Optional<Receipt> answered(CommandId command) {
    return Optional.ofNullable(answers.get(command));
  }

  @Override
  public void keep(Receipt receipt) {
    answers.put(receipt.command(), receipt);
  }

  @Override
  public Done execute(Command command) {
    order.add("execute");
    return work.execute(command);
  }

  private Outcome take(byte[] envelope) {
    var clock =
        new Freshness.Clock(Instant.ofEpochSecond(Vectors.NOW), Duration.ofSeconds(Vectors.SKEW));
    return dispatcher.take(envelope, Channel.COMMANDS, clock);
  }

  private static byte[] reboot(long number) {
    return Vectors.sign(Vectors.command("reboot", number));
  }

  private Receipt answer(byte[] envelope) {
    return ((Outcome.Answer) take(envelope)).receipt();
  }

  @Test
  void theWindowIsDurableBeforeAnythingIsDone() {
    assertThat(answer(reboot(5)).result()).isEqualTo(Result.EXECUTED);
    assertThat(order).containsExactly("remember", "execute");
  }

  @Test
  void aNumberThatThereIsNotIsAnsweredToNobodyWhateverElseIsWrong() {
    var beyond =
        Vectors.all().stream()
            .filter(one -> one.name().equals("number-out-of-range"))
            .map(Vectors.Case::envelope)
            .findFirst()
            .orElseThrow();
    assertThat(take(beyond)).isInstanceOf(Outcome.Silence.class);
    var later = Instant.ofEpochSecond(Vectors.NOW).plus(Duration.ofDays(3650));
    var expired = new Freshness.Clock(later, Duration.ZERO);
    assertThat(dispatcher.take(beyond, Channel.COMMANDS, expired))
        .isInstanceOfSatisfying(
            Outcome.Silence.class,
            silence -> assertThat(silence.because()).isEqualTo(Refusal.EXPIRED));
    assertThat(order).isEmpty();
  }

  @Test
  void whatCannotBeRememberedIsNotDone() {
    writable = false;
    var refused = answer(reboot(5));
    assertThat(refused.refusal()).isEqualTo(Refusal.NOT_REMEMBERED);
    assertThat(order).containsExactly("remember");
    writable = true;
    assertThat(answer(reboot(5)).result()).as("it may come again").isEqualTo(Result.EXECUTED);
    readable = false;
    assertThat(take(reboot(6)))
        .isInstanceOfSatisfying(
            Outcome.Silence.class,
            silence -> assertThat(silence.because()).isEqualTo(Refusal.NOT_REMEMBERED));
    assertThat(order).containsExactly("remember", "remember", "execute");
  }

  /** Power is lost at each step: the memory that survives is what was remembered by then. */
  @Test
  void aLossOfPowerAtAnyStepRepeatsNothing() {
    work =
        _ -> {
          throw new LinkageError("the power is gone");
        };
    try {
      take(reboot(5));
    } catch (LinkageError e) {
      // As a device that starts anew with what it had on its flash.
      answers.clear();
    }
    work = _ -> new Done(true, "", null);
    order.clear();

    var again = answer(reboot(5));

    assertThat(again.result()).isEqualTo(Result.UNKNOWN);
    assertThat(order).isEmpty();
  }

  @Test
  void aRepeatedCommandGetsItsAnswerAgainAndIsNotDone() {
    work = _ -> new Done(false, "stuck", "cd".repeat(32));
    var first = answer(reboot(5));
    assertThat(first.result()).isEqualTo(Result.FAILED);
    assertThat(take(reboot(5))).isEqualTo(new Outcome.Answer(first, false));
    assertThat(take(TestKeys.mirrored(reboot(5)))).isEqualTo(new Outcome.Answer(first, false));
    assertThat(order).containsExactly("remember", "execute");
  }

  @Test
  void aHandlerThatThrowsIsAFailureAndALongDetailIsCut() {
    work =
        _ -> {
          throw new IllegalStateException("secret");
        };
    assertThat(answer(reboot(5)).detail()).isEqualTo("it failed: IllegalStateException");
    work = _ -> new Done(true, "ü".repeat(200), null);
    assertThat(answer(reboot(6)).detail()).startsWith("üü").hasSizeLessThan(Receipt.DETAIL_MAX);
  }

  @Test
  void onlySignersAreAnswered() {
    assertThat(take(TestKeys.withEnd(reboot(5), "00".repeat(32))))
        .isInstanceOf(Outcome.Silence.class);
    assertThat(take(new byte[0])).isInstanceOf(Outcome.Silence.class);
    var refused = answer(Vectors.sign(Vectors.command("flash-firmware", 5)));
    assertThat(refused.refusal()).isEqualTo(Refusal.FORBIDDEN);
    assertThat(order).isEmpty();
  }

  @Test
  void unlockComesOnlyInItsOrder() {
    answer(reboot(9));
    var late = answer(Vectors.sign(Vectors.command("unlock", 8)));
    assertThat(late.refusal()).isEqualTo(Refusal.OUT_OF_ORDER);
    assertThat(answer(reboot(8)).result()).isEqualTo(Result.EXECUTED);
    assertThat(answer(Vectors.sign(Vectors.command("unlock", 10))).result())
        .isEqualTo(Result.EXECUTED);
  }

  @Test
  void aChallengeIsAnsweredWithoutATime() {
    var outcome =
        dispatcher.take(
            Vectors.sign(Vectors.command("reboot", 5, Vectors.CHALLENGE)),
            Channel.COMMANDS,
            new Freshness.Challenged(Vectors.CHALLENGE));
    assertThat(((Outcome.Answer) outcome).receipt().at()).isNull();
  }
}
