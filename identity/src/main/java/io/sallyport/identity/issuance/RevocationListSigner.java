package io.sallyport.identity.issuance;

import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.RevokedCertificate;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;

/** Writes out and signs revocation lists (RFC 5280, 5) in the name of one authority. */
public final class RevocationListSigner {
  private final CertificateAuthority authority;

  /** Signs with the key of that authority. */
  public RevocationListSigner(CertificateAuthority authority) {
    this.authority = authority;
  }

  /**
   * What a list says of itself.
   *
   * @param number above that of every list that was signed before; recorded by the caller before
   *     this call
   * @param partNames the URIs by which certificates name the one part that the list is of; none
   *     when it is of everything that the authority signed
   */
  public record Heading(
      long number, Instant thisUpdate, Instant nextUpdate, List<String> partNames) {
    /** Refuses, with {@link IllegalArgumentException}, a list that nobody could use. */
    public Heading {
      partNames = List.copyOf(partNames);
      if (number <= 0 || !thisUpdate.isBefore(nextUpdate)) {
        throw new IllegalArgumentException(
            "no list: number " + number + " from " + thisUpdate + " to " + nextUpdate);
      }
    }
  }

  /** The DER form of a list of those certificates. */
  public byte[] sign(Heading heading, List<RevokedCertificate> revoked) {
    try {
      var certificate = authority.certificate();
      var builder =
          new X509v2CRLBuilder(
              X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
              Date.from(heading.thisUpdate()));
      builder.setNextUpdate(Date.from(heading.nextUpdate()));
      for (var one : revoked) {
        add(builder, one);
      }
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()));
      builder.addExtension(
          Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(heading.number())));
      if (!heading.partNames().isEmpty()) {
        builder.addExtension(Extension.issuingDistributionPoint, true, partOf(heading.partNames()));
      }
      return builder.build(authority.signer()).getEncoded();
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IssuanceUnavailable("a revocation list could not be signed", e);
    }
  }

  /** "unspecified" is said by saying nothing (RFC 5280, 5.3.1). */
  private static void add(X509v2CRLBuilder builder, RevokedCertificate one) {
    var serial = one.serial().value();
    var at = Date.from(one.at());
    if (one.reason() == RevocationReason.UNSPECIFIED) {
      builder.addCRLEntry(serial, at, (org.bouncycastle.asn1.x509.Extensions) null);
    } else {
      builder.addCRLEntry(serial, at, one.reason().code());
    }
  }

  /**
   * Critical: who does not know what a part is must not take it for the whole (RFC 5280, 5.2.5).
   */
  private static IssuingDistributionPoint partOf(List<String> uris) {
    var names =
        uris.stream()
            .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
            .toArray(GeneralName[]::new);
    var name = new DistributionPointName(new GeneralNames(names));
    return new IssuingDistributionPoint(name, true, false, null, false, false);
  }
}
