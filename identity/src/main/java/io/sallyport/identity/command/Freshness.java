package io.sallyport.identity.command;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a device tells a command of now from one of long ago. */
public sealed interface Freshness {
  /**
   * By its clock, which it trusts.
   *
   * @param now what it says
   * @param skew how much the sender's may be ahead of it
   */
  record Clock(Instant now, Duration skew) implements Freshness {}

  /**
   * It has no clock that it trusts, and obeys only what answers its own challenge.
   *
   * @param outstanding the last that it published and that no command was accepted for; null if
   *     there is none
   */
  record Challenged(@Nullable Challenge outstanding) implements Freshness {}
}
