package io.sallyport.app.node;

import io.sallyport.cli.terminal.Failure;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks each second whether the registry holds other authorities, whichever process put them there,
 * and has them taken. Where a key cannot be opened, that is told once and tried again; whom to
 * trust, and whom not any more, is taken all the same.
 */
final class AuthorityWatch implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(AuthorityWatch.class);

  // Deriving a key takes memory and time by intention: not each second for the same failure.
  private static final int ROUNDS_BETWEEN_TRIES = 30;

  private final BooleanSupplier all;
  private final BooleanSupplier trust;
  private final Runnable changed;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread rounds;
  private boolean owed;
  private int resting;
  private String told = "";

  /**
   * Of an installation.
   *
   * @param all takes everything that the registry holds, opening keys; whether it is anything new
   * @param trust takes what needs no key; whether it is anything new
   * @param changed puts the authorities in force that the installation has by then
   */
  AuthorityWatch(BooleanSupplier all, BooleanSupplier trust, Runnable changed) {
    this.all = all;
    this.trust = trust;
    this.changed = changed;
    rounds = Thread.ofPlatform().name("authorities").daemon(true).unstarted(this::rounds);
  }

  /** Looks from now on. */
  AuthorityWatch begun() {
    rounds.start();
    return this;
  }

  private void rounds() {
    try {
      while (!closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        round();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One look. */
  void round() {
    try {
      if (isTaken()) {
        told = "";
      }
    } catch (Failure e) {
      tell(e.line());
    } catch (RuntimeException e) {
      tell(String.valueOf(e.getMessage()));
    }
  }

  /** Whether all of it is in force. */
  private boolean isTaken() {
    RuntimeException refused = null;
    boolean isTried = resting == 0;
    if (isTried) {
      try {
        owed |= all.getAsBoolean();
      } catch (RuntimeException e) {
        refused = e;
        resting = ROUNDS_BETWEEN_TRIES;
      }
    } else {
      resting--;
    }
    if ((!isTried || refused != null) && trust.getAsBoolean()) {
      owed = true;
      // It is another failure, if it fails again.
      resting = 0;
    }
    if (owed) {
      changed.run();
      owed = false;
    }
    if (refused != null) {
      throw refused;
    }
    return isTried;
  }

  private void tell(String why) {
    if (!why.equals(told)) {
      told = why;
      LOG.atError().addKeyValue("why", why).log("the registry's authorities cannot be taken");
    }
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      // Bound: a round that is under way ends by itself.
      if (!rounds.join(Duration.ofSeconds(5))) {
        LOG.warn("a look at the authorities was still under way at the end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
