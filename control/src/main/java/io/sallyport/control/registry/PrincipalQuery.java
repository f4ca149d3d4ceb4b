package io.sallyport.control.registry;

import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Which devices or backends are looked for: those of whom every condition holds.
 *
 * @param standing null for any
 * @param thingType null for any; empty for those without one
 * @param prefix how their ids begin; empty for any
 * @param attributes names and values that they have
 * @param tags names and values that they have
 */
public record PrincipalQuery(
    PrincipalKind kind,
    @Nullable Standing standing,
    @Nullable String thingType,
    String prefix,
    Map<String, String> attributes,
    Map<String, String> tags) {
  // Ids are ASCII and ordered by bytes, so everything that begins so is below this.
  private static final String AFTER_EVERY_ID = "\u007f";

  /** Copies the maps. */
  public PrincipalQuery {
    attributes = Map.copyOf(attributes);
    tags = Map.copyOf(tags);
  }

  /**
   * A condition of SQL, and what is bound in it.
   *
   * @param sql over the table of principals
   */
  public record Condition(String sql, Map<String, Object> bindings) {}

  /** Who is looked for, as a condition over columns that have no other name there. */
  public Condition condition(Database database) {
    var sql = new StringJoiner(" and ");
    var bindings = new HashMap<String, Object>();
    sql.add("kind = :kind");
    bindings.put("kind", kind.word());
    if (standing != null) {
      sql.add("standing = :standing");
      bindings.put("standing", Principals.word(standing));
    }
    if (thingType != null) {
      sql.add("thing_type = :type");
      bindings.put("type", thingType);
    }
    if (!prefix.isEmpty()) {
      sql.add("id >= :prefix and id < :end");
      bindings.put("prefix", prefix);
      bindings.put("end", prefix + AFTER_EVERY_ID);
    }
    members(database, "attributes", attributes, sql, bindings);
    members(database, "tags", tags, sql, bindings);
    return new Condition(sql.toString(), bindings);
  }

  private static void members(
      Database database,
      String column,
      Map<String, String> wanted,
      StringJoiner sql,
      Map<String, Object> bindings) {
    int number = 0;
    for (var member : wanted.entrySet()) {
      var name = column + "_name_" + number;
      var value = column + "_value_" + number++;
      sql.add(database.jsonMember(column, ":" + name) + " = :" + value);
      bindings.put(name, member.getKey());
      bindings.put(value, member.getValue());
    }
  }
}
