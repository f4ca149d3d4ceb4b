package io.sallyport.control.registry;

import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.PolicySet;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * Keeps everybody to {@link PolicySet#POLICIES_MAX} policies, its own and those of its groups, each
 * counted once. Holds only under {@link io.sallyport.control.ledger.LedgerStore#lock}: two changes
 * that are each within the bound could pass it together.
 */
public final class PolicyBound {
  private static final String NAMES =
      "select a.policy from attachment a where a.principal = %1$s"
          + " union select p.policy from group_member o"
          + " join group_policy p on p.group_name = o.group_name where o.principal = %1$s";

  private PolicyBound() {}

  /** Whether somebody would have too many policies, had it these besides. */
  public static boolean isPassed(Handle handle, PrincipalId principal, Collection<String> more) {
    var names =
        new TreeSet<>(
            handle
                .createQuery(NAMES.formatted(":principal"))
                .bind("principal", principal.value())
                .mapTo(String.class)
                .list());
    names.addAll(more);
    return names.size() > PolicySet.POLICIES_MAX;
  }

  /** The first member of a group who would have too many policies, had the group this one. */
  public static Optional<String> passedBy(Handle handle, String group, String policy) {
    var names = NAMES.formatted("m.principal");
    return handle
        .createQuery(
            "select m.principal from group_member m where m.group_name = :group"
                + " and (select count(*) from ("
                + names
                + ") had) >= :max and not exists (select 1 from ("
                + names
                + ") has where has.policy = :policy) order by m.principal limit 1")
        .bind("group", group)
        .bind("policy", policy)
        .bind("max", PolicySet.POLICIES_MAX)
        .mapTo(String.class)
        .findOne();
  }

  /** The first member of a group who has too many policies. */
  public static Optional<String> passedBy(Handle handle, String group) {
    return handle
        .createQuery(
            "select m.principal from group_member m where m.group_name = :group"
                + " and (select count(*) from ("
                + NAMES.formatted("m.principal")
                + ") had) > :max order by m.principal limit 1")
        .bind("group", group)
        .bind("max", PolicySet.POLICIES_MAX)
        .mapTo(String.class)
        .findOne();
  }

  /** Says who would have too many. */
  public static String sentence(String principal) {
    return "'"
        + principal
        + "' would have more than "
        + PolicySet.POLICIES_MAX
        + " policies, its own and those of its groups";
  }
}
