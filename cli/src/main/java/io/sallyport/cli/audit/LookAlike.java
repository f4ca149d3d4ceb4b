package io.sallyport.cli.audit;

import java.util.Locale;

/**
 * What a person sees of an id at a glance (after Unicode's skeletons, UTS 39, for the alphabet that
 * ids have): device-O01 and device-001 look alike.
 */
final class LookAlike {
  private LookAlike() {}

  /** Equal for two ids that are easily mistaken. */
  static String of(String id) {
    return id.toLowerCase(Locale.ROOT)
        .replace("rn", "m")
        .replace("vv", "w")
        .replace('o', '0')
        .replace('l', '1')
        .replace('i', '1')
        .replace('_', '-')
        .replace(':', '-');
  }
}
