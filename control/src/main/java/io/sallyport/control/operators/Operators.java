package io.sallyport.control.operators;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.operators.OperatorAnswer.Refused;
import io.sallyport.control.operators.OperatorAnswer.Why;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.Certificates.Pending;
import io.sallyport.control.registry.Certificates.Signed;
import io.sallyport.control.registry.SeenKeys;
import io.sallyport.control.store.Database;
import io.sallyport.identity.CertificateIdentity;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Serial;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.CertificateRequest;
import io.sallyport.identity.issuance.LeafProfile;
import io.sallyport.identity.issuance.RequestRefused;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The operators and their certificates, which the authority for servers signs. */
public final class Operators {
  /** Bound: how many operators there may be. */
  public static final int OPERATORS_MAX = 1_000;

  private final Database database;
  private final Authorities authorities;
  private final Serials serials;
  private final InstantSource clock;
  private final Duration lifetime;

  /** Operators whose certificates hold for that long. */
  public Operators(
      Database database,
      Authorities authorities,
      Serials serials,
      InstantSource clock,
      Duration lifetime) {
    this.database = database;
    this.authorities = authorities;
    this.serials = serials;
    this.clock = clock;
    this.lifetime = lifetime;
  }

  /** Whether somebody with that name is to be new, or certified again. */
  private enum Expect {
    NEW,
    NEW_OR_AGAIN
  }

  /** Makes a new operator. */
  public OperatorAnswer enrol(String name, Role role, String csrPem, String actor) {
    return certify(name, role, csrPem, actor, Expect.NEW);
  }

  /**
   * Makes an operator with the role security, or gives the one of that name a new certificate and
   * revokes the earlier ones; for whoever holds the machine itself.
   */
  public OperatorAnswer certifyLocal(PrincipalId name, String csrPem) {
    return certify(name.value(), Role.SECURITY, csrPem, "system", Expect.NEW_OR_AGAIN);
  }

  /** All operators in the order of their names. */
  public List<OperatorRecord> all() {
    return database.read(handle -> OperatorTable.all(handle, OPERATORS_MAX));
  }

  /** The operator of that name. */
  public Optional<OperatorRecord> find(PrincipalId name) {
    return database.read(handle -> OperatorTable.find(handle, name));
  }

  /** Revokes all certificates of an operator; the last one who can change that is kept. */
  public OperatorAnswer revoke(String name, RevocationReason reason, String actor) {
    if (!PrincipalId.isValid(name)) {
      return unknown(name);
    }
    var id = new PrincipalId(name);
    return database.write(
        handle -> {
          var now = clock.instant();
          var operator = OperatorTable.find(handle, id);
          if (operator.isEmpty()) {
            return unknown(name);
          }
          if (operator.get().role() == Role.SECURITY
              && OperatorTable.otherSecurityOperators(handle, id, now) == 0) {
            return new Refused(
                Why.CONFLICT, "last-security-operator", "nobody else has the role security");
          }
          revokeCertificates(handle, id, reason, actor, now);
          return new OperatorAnswer.Revoked(OperatorTable.find(handle, id).orElseThrow());
        });
  }

  /** Who presents a certificate, if it is an active one of an operator. */
  public Optional<OperatorRecord> authenticate(X509Certificate certificate) {
    if (!(CertificateIdentity.of(certificate)
            instanceof CertificateIdentity.Identified(var kind, var id))
        || kind != PrincipalKind.OPERATOR) {
      return Optional.empty();
    }
    var now = clock.instant();
    if (now.isBefore(certificate.getNotBefore().toInstant())
        || now.isAfter(certificate.getNotAfter().toInstant())) {
      return Optional.empty();
    }
    var fingerprint = fingerprint(certificate);
    return database.read(
        handle ->
            Certificates.activeOwner(handle, PrincipalKind.OPERATOR, fingerprint)
                .filter(id::equals)
                .flatMap(owner -> OperatorTable.find(handle, owner)));
  }

  private OperatorAnswer certify(
      String name, Role role, String csrPem, String actor, Expect expect) {
    if (!PrincipalId.isCertifiable(name)) {
      return new Refused(
          Why.MALFORMED, "malformed-id", "a name is 1 to 64 characters of A-Z a-z 0-9 : _ -");
    }
    var id = new PrincipalId(name);
    try {
      var csr = csrPem.getBytes(StandardCharsets.UTF_8);
      return certify(
          id, role, CertificateRequest.parse(csr, PrincipalKind.OPERATOR, id), actor, expect);
    } catch (RequestRefused e) {
      var malformed =
          switch (e.reason()) {
            case TOO_LARGE, MALFORMED -> true;
            default -> false;
          };
      return new Refused(
          malformed ? Why.MALFORMED : Why.UNACCEPTABLE,
          e.reason().word(),
          String.valueOf(e.getMessage()));
    }
  }

  private OperatorAnswer certify(
      PrincipalId name, Role role, CertificateRequest request, String actor, Expect expect) {
    var now = clock.instant();
    var serial = serials.next();
    var refusal = database.write(handle -> reserve(handle, name, request, serial, expect, now));
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var profile = new LeafProfile.Client(PrincipalKind.OPERATOR, name);
    var certificate =
        authorities.servers().sign(profile, request.publicKey(), serial, now, lifetime);
    var signed = Signed.of(certificate);
    return database.write(handle -> activate(handle, name, role, signed, actor, expect));
  }

  /** The serial is recorded before anything is signed, as for devices. */
  private static Optional<Refused> reserve(
      Handle handle,
      PrincipalId name,
      CertificateRequest request,
      Serial serial,
      Expect expect,
      Instant now) {
    boolean isNew = OperatorTable.find(handle, name).isEmpty();
    if (!isNew && expect == Expect.NEW) {
      return Optional.of(exists(name));
    }
    // Whoever holds the machine gets in again even when there are as many as may be.
    if (isNew && OperatorTable.count(handle) >= OPERATORS_MAX) {
      return Optional.of(tooMany());
    }
    var key = request.publicKeyHash();
    if (!SeenKeys.claim(handle, key, PrincipalKind.OPERATOR, name, now)) {
      return Optional.of(
          new Refused(Why.CONFLICT, "key-seen", "the public key was seen before: " + key));
    }
    Certificates.insertPending(
        handle, List.of(new Pending(serial, PrincipalKind.OPERATOR, name, key, now, 1)));
    return Optional.empty();
  }

  private OperatorAnswer activate(
      Handle handle, PrincipalId name, Role role, Signed signed, String actor, Expect expect) {
    var now = clock.instant();
    boolean isNew = OperatorTable.insert(handle, name, role, now);
    if (!isNew && expect == Expect.NEW) {
      Certificates.abandon(handle, signed.serial(), now);
      return exists(name);
    }
    if (isNew && OperatorTable.count(handle) > OPERATORS_MAX) {
      // Others were signed at the same time and came first.
      OperatorTable.delete(handle, name);
      Certificates.abandon(handle, signed.serial(), now);
      return tooMany();
    }
    if (!isNew) {
      revokeCertificates(handle, name, RevocationReason.SUPERSEDED, actor, now);
    }
    if (!Certificates.activate(handle, signed)) {
      throw new IllegalStateException("the serial was given up: " + signed.serial());
    }
    LedgerStore.append(
        handle,
        SecurityEvent.of(
            now,
            EventType.OPERATOR_ENROLLED,
            actor,
            name.value(),
            Map.of(
                "role", role.word(),
                "serial", signed.serial().hex(),
                "fingerprint", signed.fingerprint().hex(),
                "notAfter", signed.notAfter().toString())));
    return new OperatorAnswer.Certified(
        OperatorTable.find(handle, name).orElseThrow(), signed.active());
  }

  private static void revokeCertificates(
      Handle handle, PrincipalId name, RevocationReason reason, String actor, Instant now) {
    var serials = Certificates.revokeAll(handle, PrincipalKind.OPERATOR, name, reason, now);
    if (!serials.isEmpty()) {
      LedgerStore.append(
          handle,
          SecurityEvent.of(
              now,
              EventType.REVOKED,
              actor,
              name.value(),
              Map.of(
                  "kind", PrincipalKind.OPERATOR.word(),
                  "reason", reason.word(),
                  "serials", String.join(",", serials.stream().map(Serial::hex).toList()))));
    }
  }

  private static Refused tooMany() {
    return new Refused(Why.CONFLICT, "too-many-operators", "at most " + OPERATORS_MAX);
  }

  private static Refused exists(PrincipalId name) {
    return new Refused(Why.CONFLICT, "id-exists", "there is an operator '" + name + "'");
  }

  private static Refused unknown(String name) {
    return new Refused(Why.UNKNOWN, "operator-unknown", "no operator '" + name + "'");
  }

  private static Fingerprint fingerprint(X509Certificate certificate) {
    try {
      return Fingerprint.ofDer(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate has a DER form", e);
    }
  }
}
