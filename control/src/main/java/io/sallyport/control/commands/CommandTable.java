package io.sallyport.control.commands;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.command.Challenge;
import io.sallyport.identity.command.CommandId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The tables of commands. Every change of a status says from which it may come. */
final class CommandTable {
  private static final String OPEN = " status in ('pending', 'delivered')";
  private static final String COLUMNS =
      "id, number, group_command, group_name, device, name, arguments, status, reason, detail,"
          + " proof, state_hash, key_id, sequence, policy_epoch, issued_at, expires_at, envelope,"
          + " receipt, actor, changed_at, attempts";

  private CommandTable() {}

  /** The next number of all commands; under the ledger's lock. */
  static long nextNumber(Handle handle) {
    return handle
        .createQuery("select coalesce(max(number), 0) + 1 from command")
        .mapTo(Long.class)
        .one();
  }

  /** The next sequence number of a key for a device, which nobody gets again. */
  static long nextSequence(Handle handle, PublicKeyHash key, PrincipalId device) {
    return handle
            .createQuery(
                "insert into command_sequence (key_id, device, next) values (:key, :device, 1)"
                    + " on conflict (key_id, device) do update"
                    + " set next = command_sequence.next + 1 returning next")
            .bind("key", key.hex())
            .bind("device", device.value())
            .mapTo(Long.class)
            .one()
        - 1;
  }

  static void insert(Handle handle, CommandRecord command) {
    handle
        .createUpdate(
            "insert into command ("
                + COLUMNS
                + ", due_at) values (:id, :number, :groupCommand, :groupName, :device, :name,"
                + " :arguments, 'pending', '', '', 'none', null, :keyId, :sequence, :epoch,"
                + " :issued, :expires, :envelope, null, :actor, :changed, 0, :changed)")
        .bind("id", command.id().hex())
        .bind("number", command.number())
        .bind("groupCommand", command.groupCommand())
        .bind("groupName", command.groupName())
        .bind("device", command.device().value())
        .bind("name", command.name())
        .bind("arguments", command.arguments())
        .bind("keyId", command.keyId())
        .bind("sequence", command.sequence())
        .bind("epoch", command.policyEpoch())
        .bind("issued", command.issuedAt().toEpochMilli())
        .bind("expires", command.expiresAt().toEpochMilli())
        .bind("envelope", command.envelope())
        .bind("actor", command.actor())
        .bind("changed", command.changedAt().toEpochMilli())
        .execute();
  }

  /** Signs one that waited for a challenge; false if it does not wait any more. */
  static boolean sign(Handle handle, CommandRecord signed) {
    return handle
            .createUpdate(
                "update command set key_id = :key, sequence = :sequence, policy_epoch = :epoch,"
                    + " envelope = :envelope where id = :id and envelope is null and"
                    + OPEN)
            .bind("key", signed.keyId())
            .bind("sequence", signed.sequence())
            .bind("epoch", signed.policyEpoch())
            .bind("envelope", signed.envelope())
            .bind("id", signed.id().hex())
            .execute()
        == 1;
  }

  static Optional<CommandRecord> find(Handle handle, CommandId id) {
    return handle
        .createQuery("select " + COLUMNS + " from command where id = :id")
        .bind("id", id.hex())
        .map((row, _) -> record(row))
        .findOne();
  }

  static int countOpen(Handle handle, PrincipalId device) {
    return handle
        .createQuery("select count(*) from command where device = :device and" + OPEN)
        .bind("device", device.value())
        .mapTo(Integer.class)
        .one();
  }

  /** The newest first. */
  static List<CommandRecord> page(
      Handle handle,
      @Nullable String device,
      @Nullable String groupCommand,
      @Nullable String status,
      long before,
      int limit) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + " from command where number < :before"
                + (device == null ? "" : " and device = :device")
                + (groupCommand == null ? "" : " and group_command = :group")
                + (status == null ? "" : " and status = :status")
                + " order by number desc limit :limit")
        .bindMap(present(device, groupCommand, status))
        .bind("before", before)
        .bind("limit", limit)
        .map((row, _) -> record(row))
        .list();
  }

  private static Map<String, String> present(
      @Nullable String device, @Nullable String groupCommand, @Nullable String status) {
    var present = new TreeMap<String, String>();
    if (device != null) {
      present.put("device", device);
    }
    if (groupCommand != null) {
      present.put("group", groupCommand);
    }
    if (status != null) {
      present.put("status", status);
    }
    return present;
  }

  /** How many commands there are of each status; of one command to a group if that is given. */
  static Map<String, Long> count(Handle handle, @Nullable String groupCommand) {
    var counts = new TreeMap<String, Long>();
    handle
        .createQuery(
            "select status, count(*) as count from command"
                + (groupCommand == null ? "" : " where group_command = :group")
                + " group by status")
        .bindMap(present(null, groupCommand, null))
        .map((row, _) -> Map.entry(row.getString("status"), row.getLong("count")))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  /** Signed commands whose turn it is to be sent. */
  static List<CommandRecord> due(Handle handle, Instant now, int limit) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + " from command where due_at <= :now and expires_at > :now"
                + " and envelope is not null and"
                + OPEN
                + " order by due_at, number limit :limit")
        .bind("now", now.toEpochMilli())
        .bind("limit", limit)
        .map((row, _) -> record(row))
        .list();
  }

  /** Takes one to be sent; false if somebody else did, or if it is not to be sent any more. */
  static boolean take(Handle handle, CommandRecord command, Instant nextDue) {
    return handle
            .createUpdate(
                "update command set attempts = attempts + 1, due_at = :due"
                    + " where id = :id and attempts = :attempts and"
                    + OPEN)
            .bind("due", nextDue.toEpochMilli())
            .bind("id", command.id().hex())
            .bind("attempts", command.attempts())
            .execute()
        == 1;
  }

  static void delivered(Handle handle, CommandId id, Instant now) {
    handle
        .createUpdate(
            "update command set status = 'delivered', changed_at = :now"
                + " where id = :id and status = 'pending'")
        .bind("now", now.toEpochMilli())
        .bind("id", id.hex())
        .execute();
  }

  /** Those of a device that are signed and not answered are to be sent now. */
  static List<CommandRecord> hasten(Handle handle, PrincipalId device, Instant now) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + " from command where device = :device and expires_at > :now"
                + " and envelope is not null and"
                + OPEN
                + " order by number")
        .bind("device", device.value())
        .bind("now", now.toEpochMilli())
        .map((row, _) -> record(row))
        .list();
  }

  static int expire(Handle handle, Instant now) {
    return handle
        .createUpdate(
            "update command set status = 'expired', changed_at = :now where expires_at <= :now and"
                + OPEN)
        .bind("now", now.toEpochMilli())
        .execute();
  }

  static int forget(Handle handle, Instant before) {
    return handle
        .createUpdate(
            "delete from command where changed_at < :before"
                + " and status not in ('pending', 'delivered')")
        .bind("before", before.toEpochMilli())
        .execute();
  }

  static boolean cancel(Handle handle, CommandId id, String reason, Instant now) {
    return handle
            .createUpdate(
                "update command set status = 'cancelled', reason = :reason, changed_at = :now"
                    + " where id = :id and"
                    + OPEN)
            .bind("reason", reason)
            .bind("now", now.toEpochMilli())
            .bind("id", id.hex())
            .execute()
        == 1;
  }

  static int cancelAll(Handle handle, PrincipalId device, String reason, Instant now) {
    return handle
        .createUpdate(
            "update command set status = 'cancelled', reason = :reason, changed_at = :now"
                + " where device = :device and"
                + OPEN)
        .bind("reason", reason)
        .bind("now", now.toEpochMilli())
        .bind("device", device.value())
        .execute();
  }

  static int countCancelled(Handle handle, PrincipalId device, String reason, Instant at) {
    return handle
        .createQuery(
            "select count(*) from command where device = :device and status = 'cancelled'"
                + " and reason = :reason and changed_at = :at")
        .bind("device", device.value())
        .bind("reason", reason)
        .bind("at", at.toEpochMilli())
        .mapTo(Integer.class)
        .one();
  }

  /** What the device said of a command. */
  record Said(
      CommandId id,
      PrincipalId device,
      CommandStatus status,
      String reason,
      String detail,
      String proof,
      @Nullable String stateHash,
      @Nullable String receipt) {}

  /**
   * Keeps what a device said. What it signed stands over everything that it did not, and is never
   * changed again: it may well have done what was taken back, or expired, meanwhile.
   */
  static boolean answer(Handle handle, Said said, Instant now) {
    return handle
            .createUpdate(
                "update command set status = :status, reason = :reason, detail = :detail,"
                    + " proof = :proof, state_hash = :hash, receipt = :receipt, changed_at = :now"
                    + " where id = :id and device = :device and"
                    + (said.proof().equals("device-key") ? " proof <> 'device-key'" : OPEN))
            .bind("status", said.status().word())
            .bind("reason", said.reason())
            .bind("detail", said.detail())
            .bind("proof", said.proof())
            .bind("hash", said.stateHash())
            .bind("receipt", said.receipt())
            .bind("now", now.toEpochMilli())
            .bind("id", said.id().hex())
            .bind("device", said.device().value())
            .execute()
        == 1;
  }

  /** Whether a device ever asked by a challenge, and so obeys nothing without one. */
  static boolean isChallenging(Handle handle, PrincipalId device) {
    return handle
        .createQuery("select 1 from command_challenge where device = :device")
        .bind("device", device.value())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  static void challenge(Handle handle, PrincipalId device, Challenge challenge, Instant now) {
    handle
        .createUpdate(
            "insert into command_challenge (device, challenge, at) values (:device, :c, :now)"
                + " on conflict (device) do update set challenge = :c, at = :now")
        .bind("device", device.value())
        .bind("c", challenge.hex())
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** The challenge of a device, which nobody gets again. */
  static Optional<Challenge> useChallenge(Handle handle, PrincipalId device) {
    var found =
        handle
            .createQuery(
                "select challenge from command_challenge"
                    + " where device = :device and challenge is not null")
            .bind("device", device.value())
            .mapTo(String.class)
            .findOne();
    handle
        .createUpdate("update command_challenge set challenge = null where device = :device")
        .bind("device", device.value())
        .execute();
    return found.map(Challenge::new);
  }

  /** The oldest of a device that waits for a challenge. */
  static Optional<CommandRecord> unsigned(Handle handle, PrincipalId device, Instant now) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + " from command where device = :device and envelope is null"
                + " and expires_at > :now and"
                + OPEN
                + " order by number limit 1")
        .bind("device", device.value())
        .bind("now", now.toEpochMilli())
        .map((row, _) -> record(row))
        .findOne();
  }

  /** The newest record of the ledger: every change of anybody's rights is before it. */
  static long epoch(Handle handle) {
    return handle.createQuery("select sequence from ledger_head").mapTo(Long.class).one();
  }

  private static CommandRecord record(ResultSet row) throws SQLException {
    return new CommandRecord(
        new CommandId(row.getString("id")),
        row.getLong("number"),
        row.getString("group_command"),
        row.getString("group_name"),
        new PrincipalId(row.getString("device")),
        row.getString("name"),
        row.getString("arguments"),
        CommandStatus.ofWord(row.getString("status")).orElseThrow(),
        row.getString("reason"),
        row.getString("detail"),
        row.getString("proof"),
        row.getString("state_hash"),
        row.getString("key_id"),
        number(row, "sequence"),
        number(row, "policy_epoch"),
        Instant.ofEpochMilli(row.getLong("issued_at")),
        Instant.ofEpochMilli(row.getLong("expires_at")),
        row.getString("envelope"),
        row.getString("receipt"),
        row.getString("actor"),
        Instant.ofEpochMilli(row.getLong("changed_at")),
        row.getInt("attempts"));
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
