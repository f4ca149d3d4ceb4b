package io.sallyport.control.enrolment.introduction;

import io.sallyport.control.enrolment.authority.DeskAnswer;
import io.sallyport.control.enrolment.authority.DeskAnswer.Refused;
import io.sallyport.control.enrolment.authority.DeskAnswer.Why;
import io.sallyport.control.enrolment.authority.EnrolmentDesk;
import io.sallyport.control.enrolment.authority.Voucher;
import io.sallyport.control.enrolment.claim.ClaimAbuse;
import io.sallyport.control.enrolment.claim.ClaimRecord;
import io.sallyport.control.enrolment.claim.Claims;
import io.sallyport.control.enrolment.manufacturer.ManufacturerRecord;
import io.sallyport.control.enrolment.manufacturer.Manufacturers;
import io.sallyport.control.enrolment.manufacturer.SerialRecord;
import io.sallyport.control.enrolment.manufacturer.SerialWarrant;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.CertificateRequest;
import io.sallyport.identity.manufacturer.InitialIdentity;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Where devices come that show a certificate which opens nothing but says whose they are. That they
 * have its key was proven in the handshake; everything else is asked here, of the registry as it is
 * now.
 */
public final class IntroductionDesk {
  private final EnrolmentDesk desk;
  private final Manufacturers manufacturers;
  private final Claims claims;
  private final InstantSource clock;
  private final LongAdder refusals = new LongAdder();

  /** A desk beside the one for everybody else. */
  public IntroductionDesk(
      EnrolmentDesk desk, Manufacturers manufacturers, Claims claims, InstantSource clock) {
    this.desk = desk;
    this.manufacturers = manufacturers;
    this.claims = claims;
    this.clock = clock;
  }

  public Manufacturers manufacturers() {
    return manufacturers;
  }

  public Claims claims() {
    return claims;
  }

  /** How many manufacturers' certificates were good for nothing, since the start. */
  public long refusals() {
    return refusals.sum();
  }

  /** Somebody shows a chain, its own certificate first, and asks. */
  public DeskAnswer enrol(String source, List<X509Certificate> shown, byte[] csr) {
    if (shown.isEmpty() || shown.size() > InitialIdentity.CHAIN_MAX) {
      return refused(source, "more than " + InitialIdentity.CHAIN_MAX + " certificates are shown");
    }
    try {
      var chain = new ArrayList<X509Certificate>();
      for (var one : shown) {
        chain.add(Pem.certificateOfDer(one.getEncoded()));
      }
      var claim = claims.ofCertificate(Fingerprint.ofDer(chain.getFirst().getEncoded()));
      return claim.isPresent()
          ? byClaim(source, claim.get(), csr)
          : byManufacturer(source, chain, csr);
    } catch (MalformedPem | CertificateEncodingException e) {
      return refused(source, "a certificate that is shown cannot be read");
    }
  }

  private DeskAnswer byClaim(String source, ClaimRecord claim, byte[] csr) {
    var abuse = claims.abuse(claim);
    if (abuse.isPresent()) {
      return abused(source, claim, abuse.get());
    }
    if (!claim.templates().isEmpty()) {
      // Here nobody would ask what its templates have asked.
      return desk.refused(
          source, source, Why.FORBIDDEN, "the claim is for fleet provisioning over MQTT");
    }
    var claimed = CertificateRequest.claimedName(csr);
    if (claimed.isEmpty()) {
      return desk.refused(
          source, source, Why.MALFORMED, "the subject must be CN= and the device's id");
    }
    var id = claimed.get();
    if (!Claims.isFor(claim, id)) {
      return abused(source, claim, ClaimAbuse.FOREIGN_ID);
    }
    var warrant = claims.warrant(claim);
    var answer =
        desk.enrolByVoucher(
            source,
            new Voucher(
                id,
                claim.terms(),
                "claim " + claim.name(),
                key -> claims.isUsedFor(claim, key, id),
                _ -> Optional.empty(),
                warrant),
            csr);
    var why = warrant.abuse();
    return why == null ? answer : abused(source, claim, why);
  }

  private DeskAnswer abused(String source, ClaimRecord claim, ClaimAbuse why) {
    claims.abused(claim, why, source);
    return new Refused(why == ClaimAbuse.TOO_FAST ? Why.BUSY : Why.FORBIDDEN, why.text());
  }

  private DeskAnswer byManufacturer(String source, List<X509Certificate> chain, byte[] csr) {
    var why = "no manufacturer that is registered issued the certificate";
    for (var manufacturer : manufacturers.above(chain)) {
      switch (InitialIdentity.of(
          chain, manufacturer.authority(), manufacturer.source(), clock.instant())) {
        case InitialIdentity.Of(var serial) -> {
          return byManufacturer(source, manufacturer, serial, chain.getFirst(), csr);
        }
        case InitialIdentity.Refused(var reason) -> {
          if (reason != InitialIdentity.Reason.NOT_OF_THIS_AUTHORITY) {
            why = "manufacturer '" + manufacturer.name() + "': " + reason.text();
          }
        }
      }
    }
    return refused(source, why);
  }

  private DeskAnswer byManufacturer(
      String source,
      ManufacturerRecord manufacturer,
      String serial,
      X509Certificate initial,
      byte[] csr) {
    var row = manufacturers.serial(manufacturer.name(), serial);
    if (row.isEmpty() && !manufacturer.isOpen()) {
      return refused(source, "serial number '" + serial + "' is not listed");
    }
    var listed = row.orElseGet(() -> unlisted(manufacturer, serial));
    if (listed.state() == SerialRecord.State.REVOKED) {
      return refused(source, "serial number '" + serial + "' is revoked");
    }
    if (listed.device() == null && !PrincipalId.isCertifiable(serial)) {
      return refused(source, "serial number '" + serial + "' is no id, and none is listed for it");
    }
    var id = listed.device() == null ? new PrincipalId(serial) : listed.device();
    var initialKey = PublicKeyHash.of(initial.getPublicKey());
    var answer =
        desk.enrolByVoucher(
            source,
            new Voucher(
                id,
                listed.terms(),
                "manufacturer " + manufacturer.name(),
                key -> key.equals(listed.key()),
                key -> objection(key, initialKey),
                new SerialWarrant(manufacturer, listed, initialKey)),
            csr);
    if (answer instanceof Refused) {
      refusals.increment();
    }
    return answer;
  }

  private static SerialRecord unlisted(ManufacturerRecord manufacturer, String serial) {
    return new SerialRecord(
        serial, SerialRecord.State.OPEN, null, manufacturer.terms(), manufacturer.group(), null);
  }

  /** What the factory has seen must not be what the owner trusts. */
  private static Optional<String> objection(PublicKeyHash key, PublicKeyHash initialKey) {
    return key.equals(initialKey)
        ? Optional.of("the request has the key of the manufacturer's certificate: make a new one")
        : Optional.empty();
  }

  private DeskAnswer refused(String source, String detail) {
    refusals.increment();
    return desk.refused(source, source, Why.FORBIDDEN, detail);
  }
}
