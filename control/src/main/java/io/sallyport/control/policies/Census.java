package io.sallyport.control.policies;

import io.sallyport.control.policies.FleetAnalysis.TooManyClasses;
import io.sallyport.control.store.StringMaps;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.analysis.PolicyClass;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Counts principals by class. The database counts them by their lists of policies, so that a
 * million of equal rights come as one row; type and attributes are looked at only for lists whose
 * policies ask for them.
 */
final class Census {
  // Bound: rows held in memory while the answer is read.
  private static final int ROWS = 1_000;

  private final Handle handle;
  private final LoadedPolicies policies;
  private final String each;
  private final Map<String, String> values;
  private final Map<Key, Long> counts = new LinkedHashMap<>();
  private final Set<String> typed = new HashSet<>();
  private final Set<String> described = new HashSet<>();

  /** What distinguishes a class: everything that its policies can see but the name. */
  private record Key(String kind, List<String> policies, String thingType, String attributes) {}

  private record Row(String kind, String lists, String thingType, String attributes, long count) {}

  /**
   * Of those who are not revoked and for whom a condition of SQL holds.
   *
   * @param who the condition about the principal {@code p}
   */
  Census(Handle handle, String who, Map<String, String> values) {
    this.handle = handle;
    this.policies = new LoadedPolicies(handle);
    this.values = values;
    this.each = each(isPostgresql(handle), who);
  }

  /** One row for each: no policy's name has a blank or a bar: own policies, a bar, its groups'. */
  private static String each(boolean postgresql, String who) {
    return "select p.kind, p.thing_type, p.attributes, coalesce((select "
        + list(postgresql, "a.policy")
        + " from attachment a where a.principal = p.id), '')"
        + " || '|' || coalesce((select "
        + list(postgresql, "g.policy")
        + " from group_member m join group_policy g on g.group_name = m.group_name"
        + " where m.principal = p.id), '') as policies"
        + " from principal p where p.standing <> 'revoked' and "
        + who;
  }

  /** SQLite reads them in the order of its index; another order would only make more rows. */
  private static String list(boolean postgresql, String name) {
    return postgresql
        ? "string_agg(" + name + ", ' ' order by " + name + ")"
        : "group_concat(" + name + ", ' ')";
  }

  private static String byPolicies(String each) {
    return "select kind, policies, '' as type, '{}' as attributes, count(*) from ("
        + each
        + ") one group by kind, policies order by policies, kind";
  }

  private static String inDetail(String each) {
    return "select kind, policies,"
        + " case when policies in (<typed>) then thing_type else '' end as type,"
        + " case when policies in (<described>) then attributes else '{}' end as described,"
        + " count(*) from ("
        + each
        + ") one where policies in (<typed>) or policies in (<described>)"
        + " group by 1, 2, 3, 4 order by 2, 1, 3, 4";
  }

  List<PolicyClass> classes() {
    forEach(byPolicies(each), Map.of(), this::addUnlessAsked);
    if (!typed.isEmpty() || !described.isEmpty()) {
      // No list is empty, not even that of somebody without policies.
      typed.add("");
      described.add("");
      forEach(
          inDetail(each),
          Map.of("typed", List.copyOf(typed), "described", List.copyOf(described)),
          this::add);
    }
    // Not as the database sorts: every collation has an order of its own.
    return counts.entrySet().stream()
        .sorted(Comparator.comparing(one -> String.join(" ", one.getKey().policies())))
        .map(one -> classOf(one.getKey(), one.getValue()))
        .toList();
  }

  private void forEach(String sql, Map<String, List<String>> lists, Consumer<Row> action) {
    var query = handle.createQuery(sql).bindMap(values).setFetchSize(ROWS);
    lists.forEach(query::bindList);
    try (var rows =
        query
            .map(
                (row, _) ->
                    new Row(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5)))
            .stream()) {
      rows.forEach(action);
    }
  }

  private void addUnlessAsked(Row row) {
    var names = names(row.lists());
    boolean type = policies.askForType(names);
    boolean attributes = policies.askForAttributes(names);
    if (type) {
      typed.add(row.lists());
    }
    if (attributes) {
      described.add(row.lists());
    }
    if (!type && !attributes) {
      add(row);
    }
    // One set of policies makes two lists or more: had by oneself, or by a group.
    bound(Math.max(typed.size(), described.size()) / 2);
  }

  private void add(Row row) {
    var key = new Key(row.kind(), names(row.lists()), row.thingType(), row.attributes());
    counts.merge(key, row.count(), Long::sum);
    bound(counts.size());
  }

  private static void bound(int classes) {
    if (classes > FleetAnalysis.CLASSES_MAX) {
      throw new TooManyClasses();
    }
  }

  private PolicyClass classOf(Key key, long members) {
    return new PolicyClass(
        PrincipalKind.valueOf(key.kind().toUpperCase(Locale.ROOT)),
        PolicySet.of(key.policies().stream().map(policies::of).toList()),
        key.thingType().isEmpty() ? null : key.thingType(),
        StringMaps.read(key.attributes()),
        members);
  }

  /** Each name once: a principal may have a policy by itself and by its groups. */
  private static List<String> names(String lists) {
    var names = new TreeSet<String>();
    for (var name : lists.split("[ |]", -1)) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return List.copyOf(names);
  }

  private static boolean isPostgresql(Handle handle) {
    try {
      return handle.getConnection().getMetaData().getURL().startsWith("jdbc:postgresql:");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
