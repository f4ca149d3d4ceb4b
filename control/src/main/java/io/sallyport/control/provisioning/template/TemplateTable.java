package io.sallyport.control.provisioning.template;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of templates; every method runs in the transaction of its handle. */
public final class TemplateTable {
  private static final String SELECT =
      "select name, body, asks_hook, changed_by, changed_at from provisioning_template";

  private TemplateTable() {}

  /** The template of that name. */
  public static Optional<TemplateRecord> find(Handle handle, String name) {
    return handle
        .createQuery(SELECT + " where name = :name")
        .bind("name", name)
        .map((row, _) -> record(row))
        .findOne();
  }

  static List<TemplateRecord> page(Handle handle, String after, int limit) {
    return handle
        .createQuery(SELECT + " where name > :after order by name limit :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, _) -> record(row))
        .list();
  }

  static long count(Handle handle) {
    return handle.createQuery("select count(*) from provisioning_template").mapTo(Long.class).one();
  }

  static void put(Handle handle, TemplateRecord template) {
    handle
        .createUpdate(
            "insert into provisioning_template (name, body, asks_hook, changed_by, changed_at)"
                + " values (:name, :body, :hook, :actor, :at)"
                + " on conflict (name) do update set body = :body, asks_hook = :hook,"
                + " changed_by = :actor, changed_at = :at")
        .bind("name", template.name())
        .bind("body", template.body())
        .bind("hook", template.asksHook() ? 1 : 0)
        .bind("actor", template.changedBy())
        .bind("at", template.changedAt().toEpochMilli())
        .execute();
  }

  static boolean delete(Handle handle, String name) {
    return handle.execute("delete from provisioning_template where name = ?", name) == 1;
  }

  /** An open claim that is bound to a template. */
  static Optional<String> openClaim(Handle handle, String name) {
    return handle
        .createQuery(
            "select name from claim where state = 'open'"
                + " and ',' || templates || ',' like :bound escape '!' order by name limit 1")
        .bind("bound", "%," + name.replace("_", "!_") + ",%")
        .mapTo(String.class)
        .findOne();
  }

  private static TemplateRecord record(ResultSet row) throws SQLException {
    return new TemplateRecord(
        row.getString("name"),
        row.getString("body"),
        row.getInt("asks_hook") == 1,
        row.getString("changed_by"),
        Instant.ofEpochMilli(row.getLong("changed_at")));
  }
}
