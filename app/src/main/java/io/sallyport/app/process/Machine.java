package io.sallyport.app.process;

import io.sallyport.cli.terminal.Terminal;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The weather of this process: clock, environment, and where it speaks.
 *
 * @param clock the wall clock
 * @param nanos a monotonic clock
 * @param environment the environment variables
 * @param terminal where it speaks
 */
public record Machine(
    InstantSource clock, LongSupplier nanos, Map<String, String> environment, Terminal terminal) {
  /** Tells the user something that is not a result. */
  public void notice(String line) {
    terminal.note("sallyport: " + line);
  }
}
