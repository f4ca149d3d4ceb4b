package io.sallyport.agent.duty;

import io.sallyport.agent.mqtt.Answer;
import io.sallyport.identity.rotation.Backoff;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * Asks again, a little later each time, what the server had no room for at the moment. One waits at
 * a time; everything here is called by one thread at a time.
 */
public final class Again {
  private final Executor mailbox;
  private final Backoff waits;
  private final DoubleSupplier shares;
  private final Runnable question;
  private int attempts;
  private boolean waiting;

  /**
   * A question that may have to be asked again.
   *
   * @param mailbox where everything here is called, and the question is asked
   * @param waits how long it waits in between
   * @param shares by which share of a wait it is spread, at least 0 and less than 1
   * @param question asks; it looks itself whether there is still something to ask, and a way
   */
  Again(Executor mailbox, Backoff waits, DoubleSupplier shares, Runnable question) {
    this.mailbox = mailbox;
    this.waits = waits;
    this.shares = shares;
    this.question = question;
  }

  /** Makes those of one device. */
  public record Asking(Executor mailbox, Backoff waits, DoubleSupplier shares) {
    /** For that question. */
    public Again of(Runnable question) {
      return new Again(mailbox, waits, shares, question);
    }
  }

  /** Sees to it that a question which did not reach whom it is for is asked again. */
  public void watch(CompletableFuture<Answer> sent) {
    var _ =
        sent.whenComplete(
            (answer, _) -> {
              if (answer != null && answer.isForNow()) {
                mailbox.execute(this::later);
              }
            });
  }

  /** The answer was that there is no room now. */
  public void later() {
    if (waiting) {
      return;
    }
    waiting = true;
    attempts++;
    CompletableFuture.delayedExecutor(
            waits.after(attempts, shares.getAsDouble()).toMillis(), TimeUnit.MILLISECONDS, mailbox)
        .execute(
            () -> {
              waiting = false;
              question.run();
            });
  }

  /** There was an answer: the next wait is a short one again. */
  public void settled() {
    attempts = 0;
  }
}
