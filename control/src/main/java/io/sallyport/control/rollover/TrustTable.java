package io.sallyport.control.rollover;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.issuance.AuthorityName;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Who is known to trust which authority; every method runs in the transaction of its handle. */
final class TrustTable {
  // Whoever could be at the gate now: active, and with a certificate that has not ended.
  private static final String PRESENT =
      "p.standing = 'active' and exists (select 1 from certificate c where c.principal = p.id"
          + " and c.kind = p.kind and c.status = 'active' and c.not_after > :now)";

  private static final String HAS_CERTIFICATE =
      "exists (select 1 from certificate n where n.principal = p.id and n.kind = p.kind"
          + " and n.status = 'active' and n.not_after > :now and n.issuer >= :generation)";

  private static final String LEARNT =
      "exists (select 1 from authority_trust t where t.name = :name"
          + " and t.generation = :generation and t.principal = p.id)";

  private TrustTable() {}

  /** Who is not ready for the end of the old one, and what it is known to have. */
  record Waiting(String id, boolean trusts) {}

  /** Notes it of those who are not noted yet. */
  static void learn(
      Handle handle,
      AuthorityName name,
      int generation,
      Collection<PrincipalId> ids,
      String by,
      Instant now) {
    var batch =
        handle.prepareBatch(
            "insert into authority_trust (name, generation, principal, learnt_by, learnt_at)"
                + " values (:name, :generation, :principal, :by, :now)"
                + " on conflict (name, generation, principal) do nothing");
    for (var id : ids) {
      batch
          .bind("name", name.word())
          .bind("generation", generation)
          .bind("principal", id.value())
          .bind("by", by)
          .bind("now", now.toEpochMilli())
          .add();
    }
    batch.execute();
  }

  /** Everybody who could be at the gate. */
  static long present(Handle handle, Instant now) {
    return handle
        .createQuery("select count(*) from principal p where " + PRESENT)
        .bind("now", now.toEpochMilli())
        .mapTo(Long.class)
        .one();
  }

  /** Of those, who is known to trust it. */
  static long trusting(Handle handle, AuthorityName name, int generation, Instant now) {
    return count(handle, name, generation, trusts(name), now);
  }

  /** Of those, whom the end of the old one takes nothing from. */
  static long ready(Handle handle, AuthorityName name, int generation, Instant now) {
    return count(handle, name, generation, isReady(name), now);
  }

  private static String trusts(AuthorityName name) {
    return name == AuthorityName.ROOT ? LEARNT : "(" + HAS_CERTIFICATE + " or " + LEARNT + ")";
  }

  private static String isReady(AuthorityName name) {
    return name == AuthorityName.ROOT ? LEARNT : HAS_CERTIFICATE;
  }

  private static long count(
      Handle handle, AuthorityName name, int generation, String condition, Instant now) {
    return handle
        .createQuery("select count(*) from principal p where " + PRESENT + " and " + condition)
        .bind("now", now.toEpochMilli())
        .bind("name", name.word())
        .bind("generation", generation)
        .mapTo(Long.class)
        .one();
  }

  /** Those who are not ready, by id. */
  static List<Waiting> waiting(
      Handle handle, AuthorityName name, int generation, String after, int limit, Instant now) {
    return handle
        .createQuery(
            "select p.id, case when "
                + trusts(name)
                + " then 1 else 0 end as trusts from principal p where p.id > :after and "
                + PRESENT
                + " and not "
                + isReady(name)
                + " order by p.id limit :limit")
        .bind("now", now.toEpochMilli())
        .bind("name", name.word())
        .bind("generation", generation)
        .bind("after", after)
        .bind("limit", limit)
        .map((row, _) -> new Waiting(row.getString("id"), row.getInt("trusts") == 1))
        .list();
  }

  /** Serials of the former CA that are being signed at this moment. */
  static long beingSigned(Handle handle, int before) {
    return handle
        .createQuery(
            "select count(*) from certificate where status = 'pending' and kind <> 'operator'"
                + " and issuer < :before")
        .bind("before", before)
        .mapTo(Long.class)
        .one();
  }

  /** Claims that can be used still, and were signed before that moment. */
  static long openClaims(Handle handle, Instant before, Instant now) {
    return handle
        .createQuery(
            "select count(*) from claim where state = 'open' and not_after > :now"
                + " and created_at < :before")
        .bind("now", now.toEpochMilli())
        .bind("before", before.toEpochMilli())
        .mapTo(Long.class)
        .one();
  }
}
