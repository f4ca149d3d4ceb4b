package io.sallyport.identity.issuance;

import io.sallyport.identity.lint.Period;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.jspecify.annotations.Nullable;

/** What a test expects of a certificate, part by part, so that each part can differ. */
final class ExpectedDraft {
  String issuer;
  PublicKey issuerKey;
  String algorithm = "SHA256withECDSA";
  Instant until;
  Duration longest = Duration.ofDays(10 * 366);
  String subject;
  @Nullable String uri;
  int usage;
  @Nullable KeyPurposeId purpose;
  @Nullable Integer pathLength;

  private ExpectedDraft(X509Certificate authority, String subject) {
    issuer = "CN=" + name(authority);
    issuerKey = authority.getPublicKey();
    until = authority.getNotAfter().toInstant();
    this.subject = subject;
  }

  /** Of the device dev-1. */
  static ExpectedDraft ofLeaf(Authorities authorities) {
    var draft = new ExpectedDraft(authorities.devices().certificate(), "CN=dev-1");
    draft.uri = "urn:sallyport:device:dev-1";
    draft.usage = KeyUsage.digitalSignature;
    draft.purpose = KeyPurposeId.id_kp_clientAuth;
    return draft;
  }

  /** Of the authority of devices. */
  static ExpectedDraft ofAuthority(Authorities authorities) {
    var draft = new ExpectedDraft(authorities.root(), "CN=Sallyport Devices CA");
    draft.algorithm = "SHA384withECDSA";
    draft.usage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
    draft.pathLength = 0;
    return draft;
  }

  ExpectedCertificate expected() {
    return new ExpectedCertificate(
        new X500Name(issuer),
        issuerKey,
        new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm),
        new Period(Instant.EPOCH, until),
        longest,
        new X500Name(subject),
        uri == null
            ? null
            : new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)),
        usage,
        purpose,
        pathLength);
  }

  private static String name(X509Certificate authority) {
    return authority.getSubjectX500Principal().getName().replaceFirst("^CN=", "");
  }
}
