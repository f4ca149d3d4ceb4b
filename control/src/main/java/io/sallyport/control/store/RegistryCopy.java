package io.sallyport.control.store;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Copies a whole registry, ledger and all, into an empty one: in one transaction or not at all. */
public final class RegistryCopy {
  /** Every table of the schema, those first that others refer to. */
  static final List<String> TABLES =
      List.of(
          "principal",
          "certificate",
          "public_key_seen",
          "key_use",
          "key_use_report",
          "enrolment_token",
          "enrolment_application",
          "expired_renewal",
          "manufacturer",
          "manufacturer_serial",
          "claim",
          "claim_use",
          "provisioning_template",
          "provisioning_certificate",
          "rsa_modulus",
          "shadow",
          "batch",
          "batch_member",
          "job",
          "job_target",
          "job_execution",
          "job_notice",
          "policy",
          "policy_version",
          "attachment",
          "principal_group",
          "group_member",
          "group_policy",
          "observation",
          "proposed_policy",
          "activity",
          "right_use",
          "recording",
          "invariants",
          "attestation_key",
          "reference_value",
          "attestation_challenge",
          "pin_set",
          "revocation_publication",
          "revocation_list",
          "authority",
          "authority_certificate",
          "authority_trust",
          "command_key",
          "command_sequence",
          "command_challenge",
          "command",
          "rotation",
          "rotation_wave",
          "rotation_demand",
          "rotation_order",
          "rotation_answer",
          "rotation_pace",
          "rotation_alarm",
          "operator",
          "receipt",
          "ledger",
          "ledger_head");

  // Bound: rows held in memory.
  private static final int ROWS = 500;

  private RegistryCopy() {}

  /** What became of it. */
  public enum Outcome {
    /** It is there now. */
    COPIED,
    /** It was there before, the ledger up to its last record. */
    THERE_ALREADY,
    /** Another registry is there, and was not touched. */
    OCCUPIED
  }

  /** Copies; nothing may write to either of them meanwhile. */
  public static Outcome copy(Database from, Database to) {
    return from.read(source -> to.write(target -> copy(source, target)));
  }

  private static Outcome copy(Handle source, Handle target) {
    if (!isFresh(target)) {
      return head(source).equals(head(target)) ? Outcome.THERE_ALREADY : Outcome.OCCUPIED;
    }
    target.execute("delete from ledger_head");
    TABLES.forEach(table -> copy(source, target, table));
    return Outcome.COPIED;
  }

  /** Whether nobody has worked with it since its schema was made. */
  private static boolean isFresh(Handle target) {
    return TABLES.stream()
        .filter(table -> !table.equals("ledger_head"))
        .allMatch(
            table ->
                target
                    .createQuery("select 1 from " + table + " limit 1")
                    .mapTo(Integer.class)
                    .findOne()
                    .isEmpty());
  }

  private static Map<String, Object> head(Handle handle) {
    return longs(handle.createQuery("select sequence, hash from ledger_head").mapToMap().one());
  }

  private static void copy(Handle source, Handle target, String table) {
    try (var rows =
        source
            .createQuery("select * from " + table)
            .setFetchSize(ROWS)
            .mapToMap()
            .map(RegistryCopy::longs)
            .iterator()) {
      while (rows.hasNext()) {
        var row = rows.next();
        var batch = target.prepareBatch(insertion(table, row));
        batch.bindMap(row).add();
        while (rows.hasNext() && batch.size() < ROWS) {
          batch.bindMap(rows.next()).add();
        }
        batch.execute();
      }
    }
  }

  private static String insertion(String table, Map<String, Object> row) {
    var columns = String.join(", ", row.keySet());
    var values = row.keySet().stream().map(":"::concat).collect(Collectors.joining(", "));
    return "insert into " + table + " (" + columns + ") values (" + values + ")";
  }

  /**
   * SQLite gives a small number as an int and a large one as a long, in one and the same column.
   */
  private static Map<String, Object> longs(Map<String, Object> row) {
    row.replaceAll((_, value) -> asLong(value));
    return row;
  }

  private static @Nullable Object asLong(@Nullable Object value) {
    return value instanceof Integer number ? Long.valueOf(number) : value;
  }
}
