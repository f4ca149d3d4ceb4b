package io.sallyport.policy;

/** One statement as far as it concerns one action. */
final class Rule {
  private final Decision decision;
  private final Glob[] globs;
  private final boolean excluding;

  Rule(Decision decision, Glob[] globs, boolean excluding) {
    this.decision = decision;
    this.globs = globs;
    this.excluding = excluding;
  }

  /** What the statement says if it covers the name. */
  Decision decision() {
    return decision;
  }

  boolean covers(byte[] name, Slots slots) {
    for (var glob : globs) {
      if (glob.matches(name, slots)) {
        return !excluding;
      }
    }
    return excluding;
  }
}
