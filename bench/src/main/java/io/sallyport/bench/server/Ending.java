package io.sallyport.bench.server;

import java.util.concurrent.TimeUnit;

/** How a process that a measurement started is put away. */
final class Ending {
  private static final long PATIENCE_SECONDS = 10;

  private Ending() {}

  static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
