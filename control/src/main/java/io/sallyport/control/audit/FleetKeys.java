package io.sallyport.control.audit;

import io.sallyport.control.store.Database;
import io.sallyport.identity.CertificateIdentity;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.keys.CompromisedKeys;
import io.sallyport.identity.keys.KeyWeakness;
import io.sallyport.identity.lint.CertificateLint;
import io.sallyport.identity.lint.Finding;
import io.sallyport.identity.lint.Period;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every certificate that opens a door today: whether today's lint would let it be signed,
 * whether its key is weak, and whom it names. What only two of them together show is for whoever
 * reads all of it.
 */
public final class FleetKeys {
  /** Bound: certificates of one answer. */
  public static final int PAGE_MAX = 500;

  /** Bound: keys told of that several have; more are only more of the same. */
  public static final int DUPLICATES_MAX = 100;

  private static final String WHERE = " from certificate where status in ('active', 'inactive')";

  private final Database database;
  private final Authorities authorities;
  private final CompromisedKeys listed;

  /** An audit over this registry. */
  public FleetKeys(Database database, Authorities authorities, CompromisedKeys listed) {
    this.database = database;
    this.authorities = authorities;
    this.listed = listed;
  }

  /**
   * One certificate.
   *
   * @param modulus in hexadecimal, of RSA keys only
   */
  public record Audited(
      String serial,
      String kind,
      String principal,
      String key,
      String algorithm,
      int bits,
      @Nullable String modulus,
      List<Finding> findings) {}

  /** One public key that several principals have. */
  public record Duplicate(String key, List<String> principals) {}

  /**
   * Some of them.
   *
   * @param total how many there are in all
   * @param next what to ask for the following ones with; null at the end
   */
  public record Page(
      long total, List<Duplicate> duplicates, List<Audited> certificates, @Nullable String next) {}

  private record Row(String serial, String kind, String principal, String key, String pem) {}

  /** Those after a serial; the first page tells of duplicates too. */
  public Page page(String after, int limit) {
    var rows = database.read(handle -> rows(handle, after, limit));
    // Looked at outside of the transaction: signatures take their time.
    var audited = rows.stream().map(this::audited).toList();
    var next = rows.size() == limit ? rows.getLast().serial() : null;
    return new Page(
        database.read(FleetKeys::total),
        after.isEmpty() ? database.read(FleetKeys::duplicates) : List.of(),
        audited,
        next);
  }

  private static List<Row> rows(Handle handle, String after, int limit) {
    return handle
        .createQuery(
            "select serial, kind, principal, public_key_sha256, pem"
                + WHERE
                + " and pem is not null and serial > :after order by serial limit :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, _) -> row(row))
        .list();
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5));
  }

  private static long total(Handle handle) {
    return handle.createQuery("select count(*)" + WHERE).mapTo(Long.class).one();
  }

  private static List<Duplicate> duplicates(Handle handle) {
    var keys =
        handle
            .createQuery(
                "select public_key_sha256"
                    + WHERE
                    + " group by public_key_sha256"
                    + " having min(principal) <> max(principal) or min(kind) <> max(kind)"
                    + " order by public_key_sha256 limit :limit")
            .bind("limit", DUPLICATES_MAX)
            .mapTo(String.class)
            .list();
    return keys.stream().map(key -> new Duplicate(key, holders(handle, key))).toList();
  }

  private static List<String> holders(Handle handle, String key) {
    return handle
        .createQuery(
            "select distinct principal"
                + WHERE
                + " and public_key_sha256 = :key order by principal limit :limit")
        .bind("key", key)
        .bind("limit", DUPLICATES_MAX)
        .mapTo(String.class)
        .list();
  }

  private Audited audited(Row row) {
    try {
      var certificate = Pem.certificate(row.pem());
      var key = certificate.getPublicKey();
      return audited(
          row,
          key.getAlgorithm(),
          bits(key),
          key instanceof RSAPublicKey rsa ? rsa.getModulus().toString(16) : null,
          findings(row, certificate));
    } catch (MalformedPem | CertificateEncodingException e) {
      var unreadable = error("audit-unreadable", "the certificate cannot be read");
      return audited(row, "", 0, null, List.of(unreadable));
    }
  }

  private static Audited audited(
      Row row, String algorithm, int bits, @Nullable String modulus, List<Finding> findings) {
    return new Audited(
        row.serial(), row.kind(), row.principal(), row.key(), algorithm, bits, modulus, findings);
  }

  private List<Finding> findings(Row row, X509Certificate certificate)
      throws CertificateEncodingException {
    var chain = new ArrayList<byte[]>();
    chain.add(certificate.getEncoded());
    var issuer = issuer(certificate);
    if (issuer.isPresent()) {
      chain.add(issuer.get().getEncoded());
    }
    var findings = new ArrayList<>(CertificateLint.ofChain(chain).getFirst());
    identity(row, certificate).ifPresent(findings::add);
    if (listed.contains(certificate.getPublicKey())) {
      findings.add(error("keys-listed", KeyWeakness.LISTED.text()));
    }
    return List.copyOf(findings);
  }

  /** One of ours, known by its name; another's, such as a former one's, is not looked for. */
  private Optional<X509Certificate> issuer(X509Certificate certificate) {
    return authorities.issuer(certificate).filter(authority -> holds(authority, certificate));
  }

  /** A former authority of the same name ended before, or began after. */
  private static boolean holds(X509Certificate authority, X509Certificate certificate) {
    return period(certificate).within(period(authority));
  }

  private static Period period(X509Certificate certificate) {
    return new Period(
        certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
  }

  private static Optional<Finding> identity(Row row, X509Certificate certificate) {
    return switch (CertificateIdentity.of(certificate)) {
      case CertificateIdentity.Identified(var kind, var id)
          when kind.word().equals(row.kind()) && id.value().equals(row.principal()) ->
          Optional.empty();
      case CertificateIdentity.Identified(var kind, var id) ->
          Optional.of(error("names-other", "it names the " + kind.word() + " '" + id + "'"));
      case CertificateIdentity.Refused(var reason) ->
          Optional.of(error("names-nobody", reason.text()));
    };
  }

  private static int bits(PublicKey key) {
    return switch (key) {
      case RSAKey rsa -> rsa.getModulus().bitLength();
      case ECKey ec -> ec.getParams().getOrder().bitLength();
      default -> 0;
    };
  }

  private static Finding error(String rule, String detail) {
    return new Finding(rule, Finding.Severity.ERROR, "docs/pki-lint.md, Audit", detail);
  }
}
