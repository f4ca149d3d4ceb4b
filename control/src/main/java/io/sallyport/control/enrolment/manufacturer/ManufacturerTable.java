package io.sallyport.control.enrolment.manufacturer;

import io.sallyport.control.enrolment.authority.NewcomerTerms;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.Pem;
import io.sallyport.identity.manufacturer.ManufacturerAuthority;
import io.sallyport.identity.manufacturer.SerialSource;
import io.sallyport.identity.manufacturer.UnusableAuthority;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table of manufacturers; every method runs in the transaction of its handle. */
final class ManufacturerTable {
  private static final String SELECT =
      "select name, fingerprint, pem, serial_source, is_open, group_name, serials, spent, added_by,"
          + " added_at, "
          + NewcomerTerms.COLUMNS
          + " from manufacturer";

  private ManufacturerTable() {}

  static void insert(Handle handle, ManufacturerRecord manufacturer) {
    var certificate = manufacturer.authority().certificate();
    manufacturer
        .terms()
        .bind(
            handle.createUpdate(
                "insert into manufacturer (name, fingerprint, subject_sha256, pem, serial_source,"
                    + " is_open, group_name, serials, spent, added_by, added_at, "
                    + NewcomerTerms.COLUMNS
                    + ") values (:name, :fingerprint, :subject, :pem, :source, :open, :group, 0, 0,"
                    + " :actor, :at, "
                    + NewcomerTerms.VALUES
                    + ")"))
        .bind("name", manufacturer.name())
        .bind("fingerprint", manufacturer.fingerprint().hex())
        .bind("subject", hash(certificate.getSubjectX500Principal()))
        .bind("pem", Pem.of(certificate))
        .bind("source", manufacturer.source().word())
        .bind("open", manufacturer.isOpen() ? 1 : 0)
        .bind("group", written(manufacturer.group()))
        .bind("actor", manufacturer.addedBy())
        .bind("at", manufacturer.addedAt().toEpochMilli())
        .execute();
  }

  static Optional<ManufacturerRecord> find(Handle handle, String name) {
    return handle
        .createQuery(SELECT + " where name = :name")
        .bind("name", name)
        .map((row, _) -> record(row))
        .findOne();
  }

  static Optional<String> ofCertificate(Handle handle, Fingerprint fingerprint) {
    return handle
        .createQuery("select name from manufacturer where fingerprint = :fingerprint")
        .bind("fingerprint", fingerprint.hex())
        .mapTo(String.class)
        .findOne();
  }

  /** Those whose authority has one of the names. */
  static List<ManufacturerRecord> named(Handle handle, Collection<X500Principal> authorities) {
    return handle
        .createQuery(SELECT + " where subject_sha256 in (<subjects>) order by name")
        .bindList("subjects", authorities.stream().map(ManufacturerTable::hash).distinct().toList())
        .map((row, _) -> record(row))
        .list();
  }

  static List<ManufacturerRecord> page(Handle handle, String after, int limit) {
    return handle
        .createQuery(SELECT + " where name > :after order by name limit :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, _) -> record(row))
        .list();
  }

  static long count(Handle handle) {
    return handle.createQuery("select count(*) from manufacturer").mapTo(Long.class).one();
  }

  static void counted(Handle handle, String name, long serials, long spent) {
    handle
        .createUpdate(
            "update manufacturer set serials = serials + :serials, spent = spent + :spent"
                + " where name = :name")
        .bind("serials", serials)
        .bind("spent", spent)
        .bind("name", name)
        .execute();
  }

  static void delete(Handle handle, String name) {
    handle.execute("delete from manufacturer_serial where manufacturer = ?", name);
    handle.execute("delete from manufacturer where name = ?", name);
  }

  static String written(@Nullable String group) {
    return group == null ? "" : group;
  }

  static @Nullable String read(String group) {
    return group.isEmpty() ? null : group;
  }

  private static String hash(X500Principal name) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(name.getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static ManufacturerRecord record(ResultSet row) throws SQLException {
    return new ManufacturerRecord(
        row.getString("name"),
        new Fingerprint(row.getString("fingerprint")),
        authority(row.getString("pem")),
        SerialSource.of(row.getString("serial_source")).orElseThrow(),
        row.getInt("is_open") == 1,
        NewcomerTerms.read(row),
        read(row.getString("group_name")),
        row.getLong("serials"),
        row.getLong("spent"),
        row.getString("added_by"),
        Instant.ofEpochMilli(row.getLong("added_at")));
  }

  private static ManufacturerAuthority authority(String pem) {
    try {
      return ManufacturerAuthority.parse(pem);
    } catch (UnusableAuthority e) {
      throw new IllegalStateException("a stored authority is not readable", e);
    }
  }
}
