package io.sallyport.control.enrolment.manufacturer;

import io.sallyport.control.enrolment.authority.NewcomerTerms;
import io.sallyport.control.enrolment.manufacturer.ManufacturerAnswer.Changed;
import io.sallyport.control.enrolment.manufacturer.ManufacturerAnswer.Refused;
import io.sallyport.control.enrolment.manufacturer.ManufacturerAnswer.Shown;
import io.sallyport.control.enrolment.manufacturer.ManufacturerAnswer.Why;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.GroupTable;
import io.sallyport.control.store.Database;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.manufacturer.InitialIdentity;
import io.sallyport.identity.manufacturer.ManufacturerAuthority;
import io.sallyport.identity.manufacturer.SerialSource;
import io.sallyport.identity.manufacturer.UnusableAuthority;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Registers manufacturers, and keeps the lists of the serial numbers that may come. */
public final class Manufacturers {
  /** Bound: manufacturers in one installation. */
  public static final int MANUFACTURERS_MAX = 1_000;

  /** Bound: serial numbers of one manufacturer, spent ones too. */
  public static final long SERIALS_MAX = 10_000_000;

  /** Bound: serial numbers that are changed at once. */
  public static final int SERIALS_AT_ONCE_MAX = 500;

  private static final Pattern HEXADECIMAL = Pattern.compile("(?:[0-9a-f]{2})+");

  private final Database database;
  private final InstantSource clock;

  /** The manufacturers of a registry. */
  public Manufacturers(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** What a manufacturer is registered with; nothing of it is checked yet. */
  public record Registration(
      String name,
      String authority,
      SerialSource source,
      boolean isOpen,
      NewcomerTerms terms,
      @Nullable String group) {}

  /** Registers a manufacturer. */
  public ManufacturerAnswer add(Registration asked, String actor) {
    if (!PrincipalId.isCertifiable(asked.name())) {
      return malformed("malformed-name", "a name is 1 to 64 characters of A-Z a-z 0-9 : _ -");
    }
    var wrong = asked.terms().malformation();
    if (wrong.isPresent()) {
      return malformed("malformed-terms", wrong.get());
    }
    try {
      var authority = ManufacturerAuthority.parse(asked.authority());
      var record =
          new ManufacturerRecord(
              asked.name(),
              fingerprint(authority.certificate()),
              authority,
              asked.source(),
              asked.isOpen(),
              asked.terms(),
              asked.group(),
              0,
              0,
              actor,
              clock.instant());
      return database.write(handle -> insert(handle, record));
    } catch (UnusableAuthority e) {
      return malformed("unusable-authority", String.valueOf(e.getMessage()));
    }
  }

  private static ManufacturerAnswer insert(Handle handle, ManufacturerRecord manufacturer) {
    LedgerStore.lock(handle);
    var name = manufacturer.name();
    if (ManufacturerTable.find(handle, name).isPresent()) {
      return conflict("manufacturer-exists", "there is a manufacturer '" + name + "'");
    }
    var other = ManufacturerTable.ofCertificate(handle, manufacturer.fingerprint());
    if (other.isPresent()) {
      return conflict("authority-exists", "'" + other.get() + "' has this authority");
    }
    if (ManufacturerTable.count(handle) >= MANUFACTURERS_MAX) {
      return conflict("too-many-manufacturers", "at most " + MANUFACTURERS_MAX);
    }
    if (!isGroup(handle, manufacturer.group())) {
      return unknownGroup(manufacturer.group());
    }
    ManufacturerTable.insert(handle, manufacturer);
    tell(
        handle,
        manufacturer.addedAt(),
        EventType.MANUFACTURER_ADDED,
        manufacturer.addedBy(),
        name,
        Map.of(
            "fingerprint", manufacturer.fingerprint().hex(),
            "serials", manufacturer.isOpen() ? "any" : "listed",
            "serialFrom", manufacturer.source().word()));
    return new Shown(manufacturer);
  }

  /** The manufacturer of that name. */
  public Optional<ManufacturerRecord> find(String name) {
    return database.read(handle -> ManufacturerTable.find(handle, name));
  }

  /** The next manufacturers after a name. */
  public List<ManufacturerRecord> page(String after, int limit) {
    return database.read(handle -> ManufacturerTable.page(handle, after, limit));
  }

  /** The next serial numbers of a manufacturer after one. */
  public List<SerialRecord> serials(String name, String after, int limit) {
    return database.read(handle -> SerialTable.page(handle, name, after, limit));
  }

  /** Those who may have signed one of the chain. */
  public List<ManufacturerRecord> above(List<X509Certificate> chain) {
    var issuers = chain.stream().map(X509Certificate::getIssuerX500Principal).toList();
    return database.read(handle -> ManufacturerTable.named(handle, issuers));
  }

  /** The row of a serial number, if there is one. */
  public Optional<SerialRecord> serial(String name, String serial) {
    return database.read(handle -> SerialTable.find(handle, name, serial));
  }

  /** Forgets a manufacturer and its list; what was enrolled by it stays. */
  public ManufacturerAnswer remove(String name, String actor) {
    return database.write(
        handle -> {
          LedgerStore.lock(handle);
          var manufacturer = ManufacturerTable.find(handle, name);
          if (manufacturer.isEmpty()) {
            return unknown(name);
          }
          ManufacturerTable.delete(handle, name);
          tell(
              handle,
              clock.instant(),
              EventType.MANUFACTURER_REMOVED,
              actor,
              name,
              Map.of("fingerprint", manufacturer.get().fingerprint().hex()));
          return new Shown(manufacturer.get());
        });
  }

  /** Lists serial numbers: all of them, or none when one cannot be; those listed before stay. */
  public ManufacturerAnswer addSerials(String name, List<SerialRecord> serials, String actor) {
    for (var serial : serials) {
      var wrong = malformation(serial);
      if (wrong.isPresent()) {
        return malformed("malformed-serial", "'" + serial.serial() + "': " + wrong.get());
      }
    }
    return change(
        name,
        serials.size(),
        "added",
        actor,
        handle -> {
          var now = clock.instant();
          return count(serials, one -> SerialTable.insert(handle, name, one, now));
        },
        (handle, manufacturer) ->
            serials.stream().flatMap(one -> objection(handle, manufacturer, one)).findFirst(),
        1);
  }

  private static Stream<Refused> objection(
      Handle handle, ManufacturerRecord manufacturer, SerialRecord serial) {
    if (manufacturer.source() == SerialSource.HARDWARE_MODULE
        && !HEXADECIMAL.matcher(serial.serial()).matches()) {
      return Stream.of(
          malformed(
              "malformed-serial",
              "'" + serial.serial() + "': a hwSerialNum is octets in lower-case hexadecimal"));
    }
    return isGroup(handle, serial.group())
        ? Stream.empty()
        : Stream.of(unknownGroup(serial.group()));
  }

  private static Optional<String> malformation(SerialRecord serial) {
    if (!InitialIdentity.SERIAL.matcher(serial.serial()).matches()) {
      return Optional.of("a serial number is 1 to 64 characters of A-Z a-z 0-9 . : _ -");
    }
    if (serial.device() == null && !PrincipalId.isCertifiable(serial.serial())) {
      return Optional.of("it cannot be an id: the device needs one of its own");
    }
    if (serial.device() != null && !PrincipalId.isCertifiable(serial.device().value())) {
      return Optional.of("an id is 1 to 64 characters of A-Z a-z 0-9 : _ -");
    }
    return serial.terms().malformation();
  }

  /** Takes serial numbers out that nobody has used. */
  public ManufacturerAnswer removeSerials(String name, List<String> serials, String actor) {
    return change(
        name,
        serials.size(),
        "removed",
        actor,
        handle -> count(serials, one -> SerialTable.remove(handle, name, one)),
        (_, _) -> Optional.empty(),
        -1);
  }

  /** Ends serial numbers for good, listed or not; devices that they enrolled stay as they are. */
  public ManufacturerAnswer revokeSerials(String name, List<String> serials, String actor) {
    var unfit =
        serials.stream().filter(one -> !InitialIdentity.SERIAL.matcher(one).matches()).findFirst();
    if (unfit.isPresent()) {
      return malformed("malformed-serial", "'" + unfit.get() + "' is no serial number");
    }
    return change(
        name,
        serials.size(),
        "revoked",
        actor,
        handle -> {
          var now = clock.instant();
          int unlisted = count(serials, one -> SerialTable.insert(handle, name, revoked(one), now));
          ManufacturerTable.counted(handle, name, unlisted, 0);
          return unlisted + count(serials, one -> SerialTable.revoke(handle, name, one, now));
        },
        (_, _) -> Optional.empty(),
        0);
  }

  private static SerialRecord revoked(String serial) {
    return new SerialRecord(
        serial, SerialRecord.State.REVOKED, null, NewcomerTerms.DEFAULTS, null, null);
  }

  @FunctionalInterface
  private interface Test<T> {
    boolean holds(T one);
  }

  private static <T> int count(List<T> all, Test<T> test) {
    int count = 0;
    for (var one : all) {
      if (test.holds(one)) {
        count++;
      }
    }
    return count;
  }

  @FunctionalInterface
  private interface Objection {
    Optional<Refused> to(Handle handle, ManufacturerRecord manufacturer);
  }

  private ManufacturerAnswer change(
      String name,
      int asked,
      String what,
      String actor,
      ToIntFunction<Handle> work,
      Objection objection,
      int listedEach) {
    if (asked == 0 || asked > SERIALS_AT_ONCE_MAX) {
      return malformed("malformed-serials", "1 to " + SERIALS_AT_ONCE_MAX + " serials at once");
    }
    return database.write(
        handle -> {
          LedgerStore.lock(handle);
          var manufacturer = ManufacturerTable.find(handle, name);
          if (manufacturer.isEmpty()) {
            return unknown(name);
          }
          var refused = objection.to(handle, manufacturer.get());
          if (refused.isPresent()) {
            return refused.get();
          }
          if (listedEach >= 0 && manufacturer.get().serials() + asked > SERIALS_MAX) {
            return conflict("too-many-serials", "at most " + SERIALS_MAX + " of a manufacturer");
          }
          int changed = work.applyAsInt(handle);
          ManufacturerTable.counted(handle, name, (long) changed * listedEach, 0);
          if (changed > 0) {
            var facts = new TreeMap<>(Map.of(what, Integer.toString(changed)));
            tell(
                handle,
                clock.instant(),
                EventType.MANUFACTURER_SERIALS_CHANGED,
                actor,
                name,
                facts);
          }
          return new Changed(changed);
        });
  }

  private static boolean isGroup(Handle handle, @Nullable String group) {
    return group == null || GroupTable.exists(handle, group);
  }

  private static void tell(
      Handle handle,
      Instant now,
      EventType type,
      String actor,
      String subject,
      Map<String, String> facts) {
    LedgerStore.append(handle, SecurityEvent.of(now, type, actor, subject, facts));
  }

  private static Fingerprint fingerprint(X509Certificate certificate) {
    try {
      return Fingerprint.ofDer(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate has a DER form", e);
    }
  }

  private static Refused malformed(String reason, String detail) {
    return new Refused(Why.MALFORMED, reason, detail);
  }

  private static Refused conflict(String reason, String detail) {
    return new Refused(Why.CONFLICT, reason, detail);
  }

  private static Refused unknown(String name) {
    return new Refused(Why.UNKNOWN, "manufacturer-unknown", "no manufacturer '" + name + "'");
  }

  private static Refused unknownGroup(@Nullable String group) {
    return new Refused(Why.UNKNOWN, "group-unknown", "no group '" + group + "'");
  }
}
