package io.sallyport.control.registry;

import io.sallyport.policy.PolicyVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which policies a principal has, and by what.
 *
 * @param attached the names of those that are attached to itself, in order
 * @param groups its groups in the order of names, each with the names of its policies
 * @param effective all of them in the newest version, each once, ordered by name
 * @param observed whether what it does by them is recorded, or null if it is not
 */
public record Grants(
    List<String> attached,
    List<GroupGrant> groups,
    List<PolicyVersion> effective,
    @Nullable Observed observed) {
  /** Of somebody who has none and is in no group. */
  public static final Grants NONE = new Grants(List.of(), List.of(), List.of(), null);

  public Grants {
    attached = List.copyOf(attached);
    groups = List.copyOf(groups);
    effective = List.copyOf(effective);
  }

  /** A group of a principal, and what it gives. */
  public record GroupGrant(String group, List<String> policies) {
    public GroupGrant {
      policies = List.copyOf(policies);
    }
  }

  /** The names of the groups. */
  public List<String> groupNames() {
    return groups.stream().map(GroupGrant::group).toList();
  }

  /** The names of the groups that give a policy. */
  public List<String> groupsWith(String policy) {
    return groups.stream()
        .filter(grant -> grant.policies().contains(policy))
        .map(GroupGrant::group)
        .toList();
  }
}
