package io.sallyport.control.registry;

import io.sallyport.control.registry.Grants.GroupGrant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** What is proposed for some principals and for their groups. */
record Proposals(Map<String, List<String>> principals, Map<String, List<String>> groups) {
  static Proposals of(
      Handle handle, Collection<String> ids, Map<String, List<GroupGrant>> groupsOf) {
    var groups =
        groupsOf.values().stream()
            .flatMap(List::stream)
            .map(GroupGrant::group)
            .collect(Collectors.toSet());
    return new Proposals(
        ObservationTable.proposals(handle, Scope.Kind.PRINCIPAL, ids),
        ObservationTable.proposals(handle, Scope.Kind.GROUP, groups));
  }

  boolean isObserved(String id, List<GroupGrant> groupsOf) {
    return principals.containsKey(id)
        || groupsOf.stream().anyMatch(grant -> groups.containsKey(grant.group()));
  }

  /** All that it would have if its proposals were enforced; nothing if there is none. */
  List<String> of(String id, List<String> attached, List<GroupGrant> groupsOf) {
    var own = principals.getOrDefault(id, List.of());
    boolean isProposed =
        !own.isEmpty()
            || groupsOf.stream()
                .anyMatch(grant -> !groups.getOrDefault(grant.group(), List.of()).isEmpty());
    if (!isProposed) {
      return List.of();
    }
    var all = new TreeSet<>(own.isEmpty() ? attached : own);
    for (var grant : groupsOf) {
      var proposed = groups.getOrDefault(grant.group(), List.of());
      all.addAll(proposed.isEmpty() ? grant.policies() : proposed);
    }
    return List.copyOf(all);
  }
}
