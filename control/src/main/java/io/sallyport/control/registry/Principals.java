package io.sallyport.control.registry;

import io.sallyport.control.store.Database;
import io.sallyport.control.store.StringMaps;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import io.sallyport.policy.PolicyVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of devices and backends; every method runs in the transaction of its handle. */
public final class Principals {
  private static final String COLUMNS =
      "id, kind, standing, thing_type, attributes, tags, firmware_version, attested,"
          + " attested_until, enrolled_at";

  private final AttachedPolicies policies;

  /** Reads policies through the cache given. */
  public Principals(AttachedPolicies policies) {
    this.policies = policies;
  }

  /** A row of the table alone. */
  private record Row(
      PrincipalId id,
      PrincipalKind kind,
      Standing standing,
      String thingType,
      Map<String, String> attributes,
      DeviceFacts facts,
      Instant enrolledAt) {}

  /** Adds one; false when the id is taken by a device or a backend. */
  public static boolean insert(
      Handle handle,
      PrincipalId id,
      PrincipalKind kind,
      String thingType,
      Map<String, String> attributes,
      Instant now) {
    return handle
            .createUpdate(
                "insert into principal"
                    + " (id, kind, standing, thing_type, attributes, enrolled_at, changed_at)"
                    + " values (:id, :kind, 'active', :type, :attributes, :now, :now)"
                    + " on conflict (id) do nothing")
            .bind("id", id.value())
            .bind("kind", kind.word())
            .bind("type", thingType)
            .bind("attributes", StringMaps.write(attributes))
            .bind("now", now.toEpochMilli())
            .execute()
        == 1;
  }

  /** Takes back an {@link #insert} of the same transaction. */
  public static void delete(Handle handle, PrincipalId id) {
    handle.createUpdate("delete from principal where id = :id").bind("id", id.value()).execute();
  }

  /** Whether a device or backend has that id. */
  public static boolean exists(Handle handle, PrincipalId id) {
    return standing(handle, id).isPresent();
  }

  /** The standing of a device or backend. */
  public static Optional<Standing> standing(Handle handle, PrincipalId id) {
    return handle
        .createQuery("select standing from principal where id = :id")
        .bind("id", id.value())
        .map((row, _) -> standing(row.getString(1)))
        .findOne();
  }

  /** The standing of somebody, if it is of that kind. */
  public static Optional<Standing> standing(Handle handle, PrincipalKind kind, PrincipalId id) {
    return handle
        .createQuery("select standing from principal where id = :id and kind = :kind")
        .bind("id", id.value())
        .bind("kind", kind.word())
        .map((row, _) -> standing(row.getString(1)))
        .findOne();
  }

  /** Changes a standing that is one of those given; false when it is another by now. */
  public static boolean changeStanding(
      Handle handle, PrincipalId id, List<Standing> from, Standing to, Instant now) {
    return handle
            .createUpdate(
                "update principal set standing = :to, changed_at = :now"
                    + " where id = :id and standing in (<from>)")
            .bind("to", word(to))
            .bind("now", now.toEpochMilli())
            .bind("id", id.value())
            .bindList("from", from.stream().map(Principals::word).toList())
            .execute()
        == 1;
  }

  /** One device or backend with all that belongs to it. */
  public Optional<PrincipalRecord> find(Handle handle, PrincipalId id) {
    return findAll(handle, List.of(id)).stream().findFirst();
  }

  /** Several devices and backends, those that there are. */
  public List<PrincipalRecord> findAll(Handle handle, List<PrincipalId> ids) {
    return assemble(
        handle,
        handle
            .createQuery("select " + COLUMNS + " from principal where id in (<ids>)")
            .bindList("ids", ids.stream().map(PrincipalId::value).toList())
            .map((row, _) -> row(row))
            .list());
  }

  /** The next ones after an id, whoever they are, in the order of ids. */
  public List<PrincipalRecord> page(Handle handle, String after, int limit) {
    return assemble(
        handle,
        handle
            .createQuery(
                "select " + COLUMNS + " from principal where id > :after order by id limit :limit")
            .bind("after", after)
            .bind("limit", limit)
            .map((row, _) -> row(row))
            .list());
  }

  /** The next ones after an id that are looked for, in the order of ids. */
  public List<PrincipalRecord> search(
      Database database, PrincipalQuery query, String after, int limit) {
    var condition = query.condition(database);
    return database.read(
        handle ->
            assemble(
                handle,
                handle
                    .createQuery(
                        "select "
                            + COLUMNS
                            + " from principal where "
                            + condition.sql()
                            + " and id > :after order by id limit :limit")
                    .bindMap(condition.bindings())
                    .bind("after", after)
                    .bind("limit", limit)
                    .map((row, _) -> row(row))
                    .list()));
  }

  /** The next ones after an id to whom itself a policy is attached, in the order of ids. */
  public List<PrincipalRecord> pageOfPolicy(Handle handle, String policy, String after, int limit) {
    return pageOf(handle, "attachment where policy = :of", policy, after, limit);
  }

  /** The next members of a group after an id, in the order of ids. */
  public List<PrincipalRecord> pageOfGroup(Handle handle, String group, String after, int limit) {
    return pageOf(handle, "group_member where group_name = :of", group, after, limit);
  }

  private List<PrincipalRecord> pageOf(
      Handle handle, String which, String of, String after, int limit) {
    return assemble(
        handle,
        handle
            .createQuery(
                "select "
                    + COLUMNS
                    + " from principal where id in (select principal from "
                    + which
                    + " and principal > :after order by principal limit :limit) order by id")
            .bind("of", of)
            .bind("after", after)
            .bind("limit", limit)
            .map((row, _) -> row(row))
            .list());
  }

  /** One version of a policy, which must be there. */
  public PolicyVersion policy(Handle handle, String name, int version) {
    return policies.load(handle, name, version);
  }

  /** How many there are of each kind and standing. */
  public static Map<String, Map<String, Long>> count(Handle handle) {
    var counts = new java.util.TreeMap<String, Map<String, Long>>();
    handle
        .createQuery("select kind, standing, count(*) from principal group by kind, standing")
        .map((row, _) -> List.<Object>of(row.getString(1), row.getString(2), row.getLong(3)))
        .forEach(
            row ->
                counts
                    .computeIfAbsent((String) row.get(0), _ -> new java.util.TreeMap<>())
                    .put((String) row.get(1), (Long) row.get(2)));
    return counts;
  }

  private List<PrincipalRecord> assemble(Handle handle, List<Row> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    var ids = rows.stream().map(row -> row.id().value()).toList();
    var certificates = Certificates.ofAll(handle, ids);
    var grants = policies.ofAll(handle, ids);
    return rows.stream()
        .map(
            row ->
                new PrincipalRecord(
                    row.id(),
                    row.kind(),
                    row.standing(),
                    row.thingType(),
                    row.attributes(),
                    grants.getOrDefault(row.id().value(), Grants.NONE),
                    row.facts(),
                    certificates.getOrDefault(row.id().value(), List.of()),
                    row.enrolledAt()))
        .toList();
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        new PrincipalId(row.getString("id")),
        Certificates.kind(row.getString("kind")),
        standing(row.getString("standing")),
        row.getString("thing_type"),
        StringMaps.read(row.getString("attributes")),
        facts(row),
        Instant.ofEpochMilli(row.getLong("enrolled_at")));
  }

  static DeviceFacts facts(ResultSet row) throws SQLException {
    boolean attested = row.getInt("attested") == 1;
    boolean unknown = row.wasNull();
    long until = row.getLong("attested_until");
    boolean ageless = row.wasNull();
    return new DeviceFacts(
        row.getString("firmware_version"),
        unknown ? null : attested,
        ageless ? null : Instant.ofEpochMilli(until),
        StringMaps.read(row.getString("tags")));
  }

  public static Standing standing(String word) {
    return Standing.valueOf(word.toUpperCase(Locale.ROOT));
  }

  static String word(Standing standing) {
    return standing.name().toLowerCase(Locale.ROOT);
  }
}
