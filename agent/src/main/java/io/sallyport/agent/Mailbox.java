package io.sallyport.agent;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one thing after the other, on whatever threads there are: what is touched only from here
 * needs no lock. Its length is bounded by what puts things in: windows of acknowledgement, one
 * timer each.
 */
final class Mailbox implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

  private final Executor threads;
  private final Queue<Runnable> letters = new ArrayDeque<>();
  private boolean open;

  Mailbox(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable letter) {
    synchronized (letters) {
      letters.add(letter);
      if (open) {
        return;
      }
      open = true;
    }
    threads.execute(this::work);
  }

  private void work() {
    while (true) {
      Runnable letter;
      synchronized (letters) {
        letter = letters.poll();
        if (letter == null) {
          open = false;
          return;
        }
      }
      try {
        letter.run();
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).log("an agent's step failed");
      }
    }
  }
}
