package io.sallyport.policy;

import io.sallyport.policy.condition.Truth;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One statement as far as it concerns one action. */
final class Rule {
  private final Glob[] globs;
  private final Ruling[] rulings;
  private final boolean excluding;
  private final List<Condition> residue;

  /**
   * A rule.
   *
   * @param rulings what each pattern says if it fits; of a rule that excludes, what it says if none
   *     of them does
   * @param residue the conditions that must be asked at each decision
   */
  Rule(Glob[] globs, Ruling[] rulings, boolean excluding, List<Condition> residue) {
    this.globs = globs;
    this.rulings = rulings;
    this.excluding = excluding;
    this.residue = residue;
  }

  /** What a pattern of it says. */
  Ruling ruling(int pattern) {
    return rulings[pattern];
  }

  /** Whether what it says is no. */
  boolean isDenying() {
    return !rulings[0].decision().isAllowed();
  }

  /** Whether it applies today and not tomorrow. */
  boolean isLive() {
    return !residue.isEmpty();
  }

  /** Whether it applies where its patterns do not. */
  boolean isExcluding() {
    return excluding;
  }

  /** What names it covers, of which a rule that excludes has none. */
  List<List<GlobItem>> patterns() {
    return excluding ? List.of() : writtenPatterns();
  }

  /** The patterns of what it covers or excludes. */
  List<List<GlobItem>> writtenPatterns() {
    return Arrays.stream(globs).map(Glob::items).toList();
  }

  /** What it says of a name, or null if it does not apply. */
  @Nullable Ruling on(byte[] name, Slots slots, Facts facts) {
    var ruling = covering(name, slots);
    return ruling != null && holds(facts) ? ruling : null;
  }

  private @Nullable Ruling covering(byte[] name, Slots slots) {
    for (int i = 0; i < globs.length; i++) {
      if (globs[i].matches(name, slots)) {
        return excluding ? null : rulings[i];
      }
    }
    return excluding ? rulings[0] : null;
  }

  /** Whether its conditions hold at this moment. */
  boolean holds(Facts facts) {
    return residue.isEmpty()
        || isHeld(Condition.all(residue, facts), isDenying() ? Effect.DENY : Effect.ALLOW);
  }

  /** What cannot be known allows nothing and hinders no Deny. */
  static boolean isHeld(Truth truth, Effect effect) {
    return effect == Effect.ALLOW ? truth == Truth.TRUE : truth != Truth.FALSE;
  }
}
