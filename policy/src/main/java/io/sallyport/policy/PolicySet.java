package io.sallyport.policy;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All policies of one principal; equal sets share their compiled form. */
public final class PolicySet {
  /** Bound: the most policies that one principal can have, as in AWS IoT. */
  public static final int POLICIES_MAX = 10;

  private final List<PolicyVersion> policies;
  private final int hash;
  private volatile @Nullable Templates templates;

  private PolicySet(List<PolicyVersion> policies) {
    this.policies = policies;
    this.hash = policies.hashCode();
  }

  /** The set of these policies; their order has no meaning, each name stands once. */
  public static PolicySet of(List<PolicyVersion> policies) {
    if (policies.size() > POLICIES_MAX) {
      throw new IllegalArgumentException("too many policies: " + policies.size());
    }
    var sorted = policies.stream().sorted(Comparator.comparing(PolicyVersion::name)).toList();
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).name().equals(sorted.get(i - 1).name())) {
        throw new IllegalArgumentException("policy twice: '" + sorted.get(i).name() + "'");
      }
    }
    return new PolicySet(sorted);
  }

  /** By name. */
  public List<PolicyVersion> policies() {
    return policies;
  }

  /** Compiled at the first session, not before: most sets of a large fleet are equal. */
  Templates templates() {
    var known = templates;
    if (known == null) {
      known = Templates.of(this);
      templates = known;
    }
    return known;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof PolicySet set && hash == set.hash && policies.equals(set.policies));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return policies.stream()
        .map(policy -> policy.name() + " v" + policy.version())
        .toList()
        .toString();
  }
}
