package io.sallyport.control.rotation;

import io.sallyport.identity.PrincipalId;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What devices answered and nobody has worked on; one of each device, the last. */
final class AnswerTable {
  private AnswerTable() {}

  /** What a device sent as it came. */
  record Answer(PrincipalId device, String nonce, String csr) {}

  static void put(Handle handle, Answer answer) {
    handle
        .createUpdate(
            "insert into rotation_answer (principal, nonce, csr, taken_until)"
                + " values (:principal, :nonce, :csr, 0) on conflict (principal) do update"
                + " set nonce = excluded.nonce, csr = excluded.csr, taken_until = 0")
        .bind("principal", answer.device().value())
        .bind("nonce", answer.nonce())
        .bind("csr", answer.csr())
        .execute();
  }

  /** Takes some for a while; whoever else asks meanwhile gets others. */
  static List<Answer> take(Handle handle, Instant now, Instant until, int limit) {
    return handle
        .createQuery(
            "update rotation_answer set taken_until = :until where taken_until <= :now"
                + " and principal in (select principal from rotation_answer"
                + " where taken_until <= :now order by taken_until, principal limit :limit)"
                + " returning principal, nonce, csr")
        .bind("now", now.toEpochMilli())
        .bind("until", until.toEpochMilli())
        .bind("limit", limit)
        .map(
            (row, _) ->
                new Answer(new PrincipalId(row.getString(1)), row.getString(2), row.getString(3)))
        .list();
  }

  /** It is done; a later one of the same device stays. */
  static void done(Handle handle, Answer answer) {
    handle
        .createUpdate(
            "delete from rotation_answer where principal = :principal and nonce = :nonce"
                + " and csr = :csr")
        .bind("principal", answer.device().value())
        .bind("nonce", answer.nonce())
        .bind("csr", answer.csr())
        .execute();
  }
}
