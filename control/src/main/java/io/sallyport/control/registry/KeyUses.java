package io.sallyport.control.registry;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.rotation.CertificateUse;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * The tables of what each key protected. They are of keys, since a key that is certified again is
 * as worn as before; every method runs in the transaction of its handle.
 */
public final class KeyUses {
  private KeyUses() {}

  /**
   * Adds what one process counted, unless that report was added before: whoever does not know what
   * became of a report sends it again.
   *
   * @param reporter who counted, a name that no other process has or had
   * @param number of the report, one more than that of the reporter's last
   * @param uses of certificates; of those that the registry does not know, nothing is kept
   */
  public static void add(
      Handle handle, String reporter, long number, List<CertificateUse> uses, Instant now) {
    if (!isNew(handle, reporter, number, now) || uses.isEmpty()) {
      return;
    }
    var batch =
        handle.prepareBatch(
            "insert into key_use (public_key_sha256, messages, bytes)"
                + " select c.public_key_sha256, :messages, :bytes from certificate c"
                + " where c.fingerprint = :fingerprint"
                + " on conflict (public_key_sha256) do update set"
                + " messages = key_use.messages + excluded.messages,"
                + " bytes = key_use.bytes + excluded.bytes");
    for (var use : uses) {
      batch
          .bind("fingerprint", use.certificate().hex())
          .bind("messages", use.messages())
          .bind("bytes", use.bytes())
          .add();
    }
    batch.execute();
  }

  private static boolean isNew(Handle handle, String reporter, long number, Instant now) {
    return handle
            .createUpdate(
                "insert into key_use_report (reporter, number, written_at)"
                    + " values (:reporter, :number, :now) on conflict (reporter) do update set"
                    + " number = excluded.number, written_at = excluded.written_at"
                    + " where key_use_report.number < excluded.number")
            .bind("reporter", reporter)
            .bind("number", number)
            .bind("now", now.toEpochMilli())
            .execute()
        == 1;
  }

  /** Forgets reporters that have said nothing since. */
  public static void forget(Handle handle, Instant before) {
    handle
        .createUpdate("delete from key_use_report where written_at < :before")
        .bind("before", before.toEpochMilli())
        .execute();
  }

  /** What the keys of somebody's certificates protected, as far as they did, by certificate. */
  public static Map<Fingerprint, CertificateUse> of(
      Handle handle, PrincipalKind kind, PrincipalId id) {
    var found = new HashMap<Fingerprint, CertificateUse>();
    handle
        .createQuery(
            "select c.fingerprint, u.messages, u.bytes from certificate c"
                + " join key_use u on u.public_key_sha256 = c.public_key_sha256"
                + " where c.principal = :id and c.kind = :kind and c.fingerprint is not null")
        .bind("id", id.value())
        .bind("kind", kind.word())
        .map(
            (row, _) ->
                new CertificateUse(
                    new Fingerprint(row.getString(1)), row.getLong(2), row.getLong(3)))
        .forEach(use -> found.put(use.certificate(), use));
    return found;
  }
}
