package io.sallyport.identity.rotation;

import java.time.Instant;

/**
 * How far the replacement of one credential has come, as the server knows it. One at a time for
 * each device: a device is asked anew only when the old certificate is retired, or the new one
 * withdrawn. Otherwise it could not know which of its keys is worth keeping.
 */
public sealed interface RotationCase {

  /**
   * The device was asked, and has sent nothing.
   *
   * @param last when it was asked last
   * @param times how often, at least once
   */
  record Asked(Instant last, int times) implements RotationCase {}

  /** A certificate was issued, and nobody has connected with it. */
  record Issued(Instant at) implements RotationCase {}

  /** The new certificate was connected with; the old one is valid too. */
  record Proven(Instant at) implements RotationCase {}

  /** What to do about it, and when. */
  sealed interface Next {
    /** Not before then. */
    Instant at();
  }

  /** Ask again, with the same nonce. */
  record AskAgain(Instant at) implements Next {}

  /** Withdraw the new certificate, keep the old one, and ask anew with another nonce. */
  record Withdraw(Instant at) implements Next {}

  /** Retire the old certificate, and end what is connected by it. */
  record Retire(Instant at) implements Next {}

  /** What follows if the device does nothing more. */
  default Next next(RotationRules rules, String device, Jitter jitter) {
    return switch (this) {
      case Asked asked ->
          new AskAgain(asked.last().plus(rules.askAgainAfter(asked.times(), device, jitter)));
      case Issued issued -> new Withdraw(rules.withdrawAt(issued.at()));
      case Proven proven -> new Retire(rules.retireAt(proven.at()));
    };
  }
}
