package io.sallyport.exchange.builtin;

/**
 * Whether a receiver's turns are worth spacing out. Somebody who hears much from other threads
 * would be woken for every message; a moment's wait gathers several for one wake-up, one TLS record
 * and one send. Where a wait gathers nothing, as for a slow receiver or one that asks and waits for
 * an answer, it only costs time: then the next many turns are not spaced.
 */
final class TurnSpacing {
  /** How many deliveries make a wait worth it. */
  private static final int WORTH = 2;

  /** How many turns with deliveries pass until it is tried again. */
  static final int TRIED_AGAIN_AFTER = 64;

  private int turnsToGo = TRIED_AGAIN_AFTER;

  /** Whether the turn after one that was asked for should be a spaced one. */
  boolean beginsAfter(int sent) {
    if (sent == 0 || --turnsToGo > 0) {
      return false;
    }
    turnsToGo = TRIED_AGAIN_AFTER;
    return true;
  }

  /** Whether spacing goes on after a spaced turn. */
  boolean goesOnAfter(int sent) {
    return sent >= WORTH;
  }
}
