package io.sallyport.app.node;

import io.sallyport.app.installation.Installation;
import io.sallyport.cli.terminal.Failure;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks each second whether the registry holds other authorities, whichever process put them there,
 * and has them taken. What cannot be taken is told once and tried again; until then everything
 * stays as it is.
 */
final class AuthorityWatch implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(AuthorityWatch.class);

  private final Installation installation;
  private final Runnable changed;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread rounds;
  private boolean owed;
  private String told = "";

  /**
   * Begins to look.
   *
   * @param changed puts the authorities in force that the installation has by then
   */
  AuthorityWatch(Installation installation, Runnable changed) {
    this.installation = installation;
    this.changed = changed;
    rounds = Thread.ofPlatform().name("authorities").daemon(true).start(this::rounds);
  }

  private void rounds() {
    try {
      while (!closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          round();
        } catch (Failure e) {
          tell(e.line());
        } catch (RuntimeException e) {
          tell(String.valueOf(e.getMessage()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() {
    owed |= installation.followAuthorities();
    if (owed) {
      changed.run();
      installation.renewAnchors();
      owed = false;
      told = "";
    }
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
