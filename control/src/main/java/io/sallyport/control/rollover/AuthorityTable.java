package io.sallyport.control.rollover;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.issuance.AuthorityName;
import io.sallyport.identity.issuance.AuthorityStanding;
import io.sallyport.identity.issuance.StoredAuthority;
import java.security.cert.X509Certificate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The tables of authorities; every method runs in the transaction of its handle. */
final class AuthorityTable {
  private AuthorityTable() {}

  /** When things were done with one authority. */
  record Times(Instant begun, @Nullable Instant activated) {}

  /** All of them, by name and generation. */
  static List<StoredAuthority> all(Handle handle) {
    var certificates = new HashMap<String, Map<Integer, X509Certificate>>();
    handle
        .createQuery("select name, generation, root, pem from authority_certificate")
        .map(
            (row, _) ->
                certificates
                    .computeIfAbsent(
                        row.getString("name") + row.getInt("generation"), _ -> new HashMap<>())
                    .put(row.getInt("root"), certificate(row.getString("pem"))))
        .list();
    return handle
        .createQuery(
            "select name, generation, standing, sealed_key, request from authority"
                + " order by name, generation")
        .map(
            (row, _) ->
                authority(
                    row,
                    certificates.getOrDefault(
                        row.getString("name") + row.getInt("generation"), Map.of())))
        .list();
  }

  /** What tells one state of the tables from another, in few bytes. */
  static List<String> marks(Handle handle) {
    return handle
        .createQuery(
            "select name || ' ' || generation || ' ' || standing from authority"
                + " order by name, generation")
        .mapTo(String.class)
        .list();
  }

  static void put(Handle handle, StoredAuthority one, Instant now) {
    handle
        .createUpdate(
            "insert into authority (name, generation, standing, sealed_key, request, begun_at)"
                + " values (:name, :generation, :standing, :key, :request, :now)"
                + " on conflict (name, generation) do update set standing = excluded.standing,"
                + " request = excluded.request")
        .bind("name", one.name().word())
        .bind("generation", one.generation())
        .bind("standing", one.standing().word())
        .bind("key", one.key())
        .bind("request", one.request())
        .bind("now", now.toEpochMilli())
        .execute();
    one.certificates()
        .forEach(
            (root, certificate) ->
                handle
                    .createUpdate(
                        "insert into authority_certificate (name, generation, root, pem)"
                            + " values (:name, :generation, :root, :pem)"
                            + " on conflict (name, generation, root) do nothing")
                    .bind("name", one.name().word())
                    .bind("generation", one.generation())
                    .bind("root", root)
                    .bind("pem", Pem.of(certificate))
                    .execute());
  }

  /** The row of the first of a name, which is in {@code ca/}. */
  static void putFirst(Handle handle, AuthorityName name, Instant now) {
    handle
        .createUpdate(
            "insert into authority (name, generation, standing, begun_at)"
                + " values (:name, 1, 'active', :now) on conflict (name, generation) do nothing")
        .bind("name", name.word())
        .bind("now", now.toEpochMilli())
        .execute();
  }

  static void stand(
      Handle handle, AuthorityName name, int generation, AuthorityStanding standing, Instant now) {
    var activated = standing == AuthorityStanding.ACTIVE ? ", activated_at = :now" : "";
    var retired = standing == AuthorityStanding.RETIRED ? ", retired_at = :now" : "";
    handle
        .createUpdate(
            "update authority set standing = :standing"
                + activated
                + retired
                + " where name = :name and generation = :generation")
        .bind("standing", standing.word())
        .bind("name", name.word())
        .bind("generation", generation)
        .bind("now", now.toEpochMilli())
        .execute();
  }

  static Optional<Times> times(Handle handle, AuthorityName name, int generation) {
    return handle
        .createQuery(
            "select begun_at, activated_at from authority"
                + " where name = :name and generation = :generation")
        .bind("name", name.word())
        .bind("generation", generation)
        .map(
            (row, _) -> {
              var begun = Instant.ofEpochMilli(row.getLong("begun_at"));
              var activated = row.getLong("activated_at");
              return new Times(begun, row.wasNull() ? null : Instant.ofEpochMilli(activated));
            })
        .findOne();
  }

  private static StoredAuthority authority(
      ResultSet row, Map<Integer, X509Certificate> certificates) throws SQLException {
    return new StoredAuthority(
        AuthorityName.valueOf(row.getString("name").toUpperCase(Locale.ROOT)),
        row.getInt("generation"),
        AuthorityStanding.ofWord(row.getString("standing")),
        row.getString("sealed_key"),
        row.getString("request"),
        certificates);
  }

  private static X509Certificate certificate(String pem) {
    try {
      return Pem.certificate(pem);
    } catch (MalformedPem e) {
      throw new IllegalStateException("the registry holds certificates", e);
    }
  }
}
