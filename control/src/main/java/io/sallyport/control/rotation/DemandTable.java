package io.sallyport.control.rotation;

import io.sallyport.identity.PrincipalId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What operators want rotated; every method runs in the transaction of its handle. */
final class DemandTable {
  private DemandTable() {}

  /**
   * A group, or everybody.
   *
   * @param group empty for everybody
   * @param after the id up to which its devices are demanded
   */
  record Order(long number, String group, @Nullable Instant rotateBy, Instant at, String after) {}

  static void order(Handle handle, String group, @Nullable Instant rotateBy, Instant now) {
    handle
        .createUpdate(
            "insert into rotation_order (number, group_name, rotate_by, demanded_at, after_id)"
                + " select coalesce(max(number), 0) + 1, :group, :by, :now, ''"
                + " from rotation_order")
        .bind("group", group)
        .bind("by", rotateBy == null ? null : rotateBy.toEpochMilli())
        .bind("now", now.toEpochMilli())
        .execute();
  }

  static Optional<Order> first(Handle handle) {
    return handle
        .createQuery("select * from rotation_order order by number limit 1")
        .map((row, _) -> order(row))
        .findOne();
  }

  private static Order order(ResultSet row) throws SQLException {
    return new Order(
        row.getLong("number"),
        row.getString("group_name"),
        RotationTable.instant(row, "rotate_by"),
        Instant.ofEpochMilli(row.getLong("demanded_at")),
        row.getString("after_id"));
  }

  /** Demands the next devices of an order; ends it after the last. */
  static void carryOut(Handle handle, Order order, int limit) {
    var ids =
        handle
            .createQuery(
                "select id from principal p where kind = 'device' and standing = 'active'"
                    + " and id > :after"
                    + (order.group().isEmpty()
                        ? ""
                        : " and exists (select 1 from group_member m"
                            + " where m.group_name = :group and m.principal = p.id)")
                    + " order by id limit :limit")
            .bind("after", order.after())
            .bindMap(order.group().isEmpty() ? Map.of() : Map.of("group", order.group()))
            .bind("limit", limit)
            .mapTo(String.class)
            .list();
    ids.forEach(id -> demand(handle, new PrincipalId(id), order.rotateBy(), order.at()));
    var end =
        ids.size() < limit
            ? handle.createUpdate("delete from rotation_order where number = :number")
            : handle
                .createUpdate("update rotation_order set after_id = :last where number = :number")
                .bind("last", ids.getLast());
    end.bind("number", order.number()).execute();
  }

  static void demand(Handle handle, PrincipalId device, @Nullable Instant rotateBy, Instant at) {
    handle
        .createUpdate(
            "insert into rotation_demand (principal, rotate_by, demanded_at)"
                + " values (:device, :by, :at) on conflict (principal)"
                + " do update set rotate_by = excluded.rotate_by")
        .bind("device", device.value())
        .bind("by", rotateBy == null ? null : rotateBy.toEpochMilli())
        .bind("at", at.toEpochMilli())
        .execute();
  }

  /** Whom a wave takes, or nobody can rotate any more. */
  static void settle(Handle handle) {
    handle.execute(
        "delete from rotation_demand where principal in (select principal from rotation where "
            + RotationTable.OPEN
            + ") or principal in (select id from principal where standing = 'revoked')");
  }

  /** How many devices an order is for. */
  static long size(Handle handle, String group) {
    return handle
        .createQuery(
            "select count(*) from principal p where kind = 'device' and standing = 'active'"
                + (group.isEmpty()
                    ? ""
                    : " and exists (select 1 from group_member m"
                        + " where m.group_name = :group and m.principal = p.id)"))
        .bindMap(group.isEmpty() ? Map.of() : Map.of("group", group))
        .mapTo(Long.class)
        .one();
  }

  /** How many devices are demanded and in no wave yet. */
  static long count(Handle handle) {
    return handle.createQuery("select count(*) from rotation_demand").mapTo(Long.class).one();
  }
}
