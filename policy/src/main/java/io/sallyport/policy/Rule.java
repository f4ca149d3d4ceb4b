package io.sallyport.policy;

import io.sallyport.policy.condition.Truth;
import java.util.Arrays;
import java.util.List;

/** One statement as far as it concerns one action. */
final class Rule {
  private final Decision decision;
  private final Glob[] globs;
  private final boolean excluding;
  private final List<Condition> residue;

  /**
   * @param residue the conditions that must be asked at each decision
   */
  Rule(Decision decision, Glob[] globs, boolean excluding, List<Condition> residue) {
    this.decision = decision;
    this.globs = globs;
    this.excluding = excluding;
    this.residue = residue;
  }

  /** What the statement says if it applies. */
  Decision decision() {
    return decision;
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

  boolean applies(byte[] name, Slots slots, Facts facts) {
    return covers(name, slots) && holds(facts);
  }

  private boolean covers(byte[] name, Slots slots) {
    for (var glob : globs) {
      if (glob.matches(name, slots)) {
        return !excluding;
      }
    }
    return excluding;
  }

  /** Whether its conditions hold at this moment. */
  boolean holds(Facts facts) {
    return residue.isEmpty()
        || isHeld(Condition.all(residue, facts), decision.isAllowed() ? Effect.ALLOW : Effect.DENY);
  }

  /** What cannot be known allows nothing and hinders no Deny. */
  static boolean isHeld(Truth truth, Effect effect) {
    return effect == Effect.ALLOW ? truth == Truth.TRUE : truth != Truth.FALSE;
  }
}
