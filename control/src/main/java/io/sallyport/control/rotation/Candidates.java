package io.sallyport.control.rotation;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.rotation.CertificateLife;
import io.sallyport.identity.rotation.Jitter;
import io.sallyport.identity.rotation.RotationCause;
import io.sallyport.identity.rotation.RotationRules;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Devices that a wave can take: whom an operator wants first, then whose certificate ends first.
 */
final class Candidates {
  // Bound: certificates looked at for one wave, those among them that are not due yet.
  private static final int LOOKED_AT_MAX = 20_000;
  private static final int PAGE = 1_000;

  // The newest active certificate of an active device for which nothing is under way.
  private static final String OF_DEVICES =
      "select c.principal, c.fingerprint, c.not_before, c.not_after, c.serial, k.first_seen,"
          + " coalesce(u.messages, 0) as messages, coalesce(u.bytes, 0) as bytes, d.rotate_by from"
          + " certificate c join principal p on p.id = c.principal and p.standing = 'active' left"
          + " join public_key_seen k on k.spki_sha256 = c.public_key_sha256 left join key_use u on"
          + " u.public_key_sha256 = c.public_key_sha256 left join rotation_demand d on d.principal"
          + " = c.principal where c.kind = 'device' and c.status = 'active' and c.not_after > :now"
          + " and not exists (select 1 from certificate n where n.principal = c.principal and"
          + " n.kind = c.kind and n.status = 'active' and (n.recorded_at > c.recorded_at or"
          + " n.recorded_at = c.recorded_at and n.serial > c.serial)) and not exists (select 1 from"
          + " rotation r where r.principal = c.principal and r."
          + RotationTable.OPEN
          + ")";
  private static final String RESTED =
      " and not exists (select 1 from rotation r where r.principal = c.principal"
          + " and r.ended_at > :rested and r.state = 'stuck')";

  // Asked before for the same certificate, in vain. They come after all others: whose certificates
  // end first are those that are away for long, and they would fill wave after wave.
  private static final String IN_VAIN =
      "exists (select 1 from rotation v where v.principal = c.principal"
          + " and v.old_fingerprint = c.fingerprint and v.state = 'stuck')";

  private final RotationRules rules;
  private final Jitter jitter;

  Candidates(RotationRules rules, Jitter jitter) {
    this.rules = rules;
    this.jitter = jitter;
  }

  /**
   * One of them.
   *
   * @param rotateBy until when, where an operator said so
   */
  record Candidate(
      PrincipalId device,
      Fingerprint certificate,
      CertificateLife life,
      String cause,
      @Nullable Instant rotateBy) {}

  private record Row(Candidate candidate, String serial) {}

  /** Those that an operator named, as far as they can be rotated at all. */
  List<Candidate> named(Handle handle, List<String> ids, @Nullable Instant rotateBy, Instant now) {
    return handle
        .createQuery(OF_DEVICES + " and c.principal in (<ids>) order by c.principal")
        .bind("now", now.toEpochMilli())
        .bindList("ids", ids)
        .map((row, _) -> row(row).candidate())
        .map(one -> demanded(one, rotateBy))
        .list();
  }

  /**
   * The next ones.
   *
   * @param unasked whether also those whom no operator wants
   */
  List<Candidate> next(Handle handle, boolean unasked, int limit, Instant now) {
    var found = new LinkedHashMap<PrincipalId, Candidate>();
    for (var one : demanded(handle, limit, now)) {
      found.put(one.device(), one);
    }
    if (unasked) {
      expiring(handle, " and not " + IN_VAIN, limit, now, found);
      expiring(handle, " and " + IN_VAIN, limit, now, found);
      aged(handle, limit, now, found);
      worn(handle, limit, now, found);
    }
    return List.copyOf(found.values());
  }

  private List<Candidate> demanded(Handle handle, int limit, Instant now) {
    return handle
        .createQuery(
            OF_DEVICES
                + " and d.principal is not null order by d.demanded_at, c.principal limit :limit")
        .bind("now", now.toEpochMilli())
        .bind("limit", limit)
        .map((row, _) -> row(row).candidate())
        .map(one -> demanded(one, one.rotateBy()))
        .list();
  }

  private static Candidate demanded(Candidate one, @Nullable Instant rotateBy) {
    return new Candidate(
        one.device(), one.certificate(), one.life(), word(RotationCause.DEMAND), rotateBy);
  }

  /** Page by page, because each device has its own moment within the spread. */
  private void expiring(
      Handle handle, String which, int limit, Instant now, Map<PrincipalId, Candidate> found) {
    long afterEnd = now.toEpochMilli();
    var afterSerial = "";
    for (int looked = 0; looked < LOOKED_AT_MAX && found.size() < limit; looked += PAGE) {
      var page =
          handle
              .createQuery(
                  OF_DEVICES
                      + RESTED
                      + which
                      + " and c.not_after <= :window and (c.not_after > :afterEnd"
                      + " or c.not_after = :afterEnd and c.serial > :afterSerial)"
                      + " order by c.not_after, c.serial limit :limit")
              .bind("now", now.toEpochMilli())
              .bind("rested", now.minus(RotationRules.REST).toEpochMilli())
              .bind("window", now.plus(rules.beforeExpiry()).toEpochMilli())
              .bind("afterEnd", afterEnd)
              .bind("afterSerial", afterSerial)
              .bind("limit", PAGE)
              .map((row, _) -> row(row))
              .list();
      take(page, limit, now, found);
      if (page.size() < PAGE) {
        return;
      }
      afterEnd = page.getLast().candidate().life().notAfter().toEpochMilli();
      afterSerial = page.getLast().serial();
    }
  }

  private void aged(Handle handle, int limit, Instant now, Map<PrincipalId, Candidate> found) {
    var max = rules.keyAgeMax();
    if (max != null) {
      take(
          handle
              .createQuery(
                  OF_DEVICES
                      + RESTED
                      + " and k.first_seen <= :aged order by k.first_seen, c.serial limit :limit")
              .bind("now", now.toEpochMilli())
              .bind("rested", now.minus(RotationRules.REST).toEpochMilli())
              .bind("aged", now.minus(max).toEpochMilli())
              .bind("limit", Math.min(LOOKED_AT_MAX, limit * 2))
              .map((row, _) -> row(row))
              .list(),
          limit,
          now,
          found);
    }
  }

  /** They are due at once: their moment was when the last message came. */
  private void worn(Handle handle, int limit, Instant now, Map<PrincipalId, Candidate> found) {
    var messages = rules.messagesMax();
    var bytes = rules.bytesMax();
    if (messages != null || bytes != null) {
      take(
          handle
              .createQuery(
                  OF_DEVICES
                      + RESTED
                      + " and (u.messages >= :messages or u.bytes >= :bytes)"
                      + " order by c.not_after, c.serial limit :limit")
              .bind("now", now.toEpochMilli())
              .bind("rested", now.minus(RotationRules.REST).toEpochMilli())
              .bind("messages", messages == null ? Long.MAX_VALUE : messages)
              .bind("bytes", bytes == null ? Long.MAX_VALUE : bytes)
              .bind("limit", Math.min(LOOKED_AT_MAX, limit * 2))
              .map((row, _) -> row(row))
              .list(),
          limit,
          now,
          found);
    }
  }

  private void take(List<Row> rows, int limit, Instant now, Map<PrincipalId, Candidate> found) {
    for (var row : rows) {
      var one = row.candidate();
      if (found.size() < limit) {
        cause(one, now)
            .ifPresent(
                cause ->
                    found.putIfAbsent(
                        one.device(),
                        new Candidate(
                            one.device(), one.certificate(), one.life(), word(cause), null)));
      }
    }
  }

  /** Why it is due, if its own moment has come. */
  private Optional<RotationCause> cause(Candidate one, Instant now) {
    return rules
        .cause(one.life(), now)
        .filter(
            cause ->
                switch (cause) {
                  case EXPIRY, KEY_AGE ->
                      !rules.askAt(one.life(), one.device().value(), jitter).isAfter(now);
                  case DEMAND, MESSAGES, BYTES -> true;
                })
        .or(() -> rules.worn(one.life()));
  }

  private static Row row(ResultSet row) throws SQLException {
    var notBefore = Instant.ofEpochMilli(row.getLong("not_before"));
    var seen = RotationTable.instant(row, "first_seen");
    var life =
        new CertificateLife(
            notBefore,
            Instant.ofEpochMilli(row.getLong("not_after")),
            seen == null ? notBefore : seen,
            row.getLong("messages"),
            row.getLong("bytes"));
    return new Row(
        new Candidate(
            new PrincipalId(row.getString("principal")),
            new Fingerprint(row.getString("fingerprint")),
            life,
            "",
            RotationTable.instant(row, "rotate_by")),
        row.getString("serial"));
  }

  static String word(RotationCause cause) {
    return cause.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
