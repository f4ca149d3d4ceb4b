package io.sallyport.control.rotation;

import io.sallyport.identity.rotation.PaceRules;
import io.sallyport.identity.rotation.RotationRules;
import java.time.Duration;

/**
 * What an operator of Sallyport may set about rotation.
 *
 * @param enabled whether anybody is asked without an operator's demand
 * @param rules when a certificate is due, and how long two of them are valid
 * @param pace how many are asked
 * @param countEvery how often what keys protected is counted, more than zero
 */
public record RotationSettings(
    boolean enabled, RotationRules rules, PaceRules pace, Duration countEvery) {
  /** Thirty days before the end, in waves that begin with ten devices. */
  public static final RotationSettings DEFAULTS =
      new RotationSettings(true, RotationRules.USUAL, PaceRules.USUAL, Duration.ofMinutes(10));
}
