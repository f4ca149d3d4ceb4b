package io.sallyport.cli.terminal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Everything that a command takes from the process that it runs in.
 *
 * @param home the user's home directory
 * @param nanos a monotonic clock
 */
public record Surroundings(
    Terminal terminal,
    Map<String, String> environment,
    Path home,
    LongSupplier nanos,
    Pause pause) {

  /** Waits; the process decides how. */
  @FunctionalInterface
  public interface Pause {
    /** Returns after that time. */
    void of(Duration time) throws InterruptedException;
  }

  /** Copies the environment. */
  public Surroundings {
    environment = Map.copyOf(environment);
  }
}
