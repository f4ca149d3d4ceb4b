package io.sallyport.control.gateways;

import io.sallyport.control.enforcement.ReceiptStep;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What another gateway did when somebody was put out.
 *
 * @param ms from the change until it had confirmed; null if it has not
 * @param closedFrom when it lets nobody in at the latest, if it did not confirm; else null
 * @param steps what it ended
 */
public record GatewayAnswer(
    String gateway,
    State state,
    @Nullable Double ms,
    @Nullable Instant closedFrom,
    List<ReceiptStep> steps) {
  public GatewayAnswer {
    steps = List.copyOf(steps);
  }

  /** How it answered. */
  public enum State {
    CONFIRMED,
    /** It is there, and did not confirm in time. */
    LATE,
    /** It is silent; it lets nobody in by now, and does what is to be done when it hears again. */
    LOST,
    /** It was stopped; it does what is to be done when it starts. */
    STOPPED;

    /** The lower-case word in tables and JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
