package io.sallyport.control.operators;

import io.sallyport.control.registry.Certificates;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of operators; every method runs in the transaction of its handle. */
final class OperatorTable {
  private OperatorTable() {}

  static boolean insert(Handle handle, PrincipalId name, Role role, Instant now) {
    return handle
            .createUpdate(
                "insert into operator (name, role, enrolled_at) values (:name, :role, :now)"
                    + " on conflict (name) do nothing")
            .bind("name", name.value())
            .bind("role", role.word())
            .bind("now", now.toEpochMilli())
            .execute()
        == 1;
  }

  static void delete(Handle handle, PrincipalId name) {
    handle
        .createUpdate("delete from operator where name = :name")
        .bind("name", name.value())
        .execute();
  }

  static Optional<OperatorRecord> find(Handle handle, PrincipalId name) {
    return handle
        .createQuery("select name, role, enrolled_at from operator where name = :name")
        .bind("name", name.value())
        .map((row, _) -> record(handle, row))
        .findOne();
  }

  static List<OperatorRecord> all(Handle handle, int limit) {
    return handle
        .createQuery("select name, role, enrolled_at from operator order by name limit :limit")
        .bind("limit", limit)
        .map((row, _) -> record(handle, row))
        .list();
  }

  static int count(Handle handle) {
    return handle.createQuery("select count(*) from operator").mapTo(Integer.class).one();
  }

  /** How many others could still change policies and operators. */
  static int otherSecurityOperators(Handle handle, PrincipalId name, Instant now) {
    return handle
        .createQuery(
            "select count(distinct o.name) from operator o join certificate c"
                + " on c.principal = o.name and c.kind = 'operator'"
                + " where o.role = 'security' and o.name <> :name"
                + " and c.status = 'active' and c.not_after > :now")
        .bind("name", name.value())
        .bind("now", now.toEpochMilli())
        .mapTo(Integer.class)
        .one();
  }

  private static OperatorRecord record(Handle handle, ResultSet row) throws SQLException {
    var name = new PrincipalId(row.getString("name"));
    return new OperatorRecord(
        name,
        Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
        Certificates.of(handle, PrincipalKind.OPERATOR, name),
        Instant.ofEpochMilli(row.getLong("enrolled_at")));
  }
}
