package io.sallyport.identity.issuance;

import io.sallyport.identity.ClaimName;
import io.sallyport.identity.lint.Period;
import java.security.PublicKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;

/**
 * What a certificate must be, said once more beside the code that writes it, so that one mistake
 * alone cannot be signed.
 *
 * @param within the authority's own validity; null for a root
 * @param longest the longest validity of the profile
 * @param names its alternative names; null for an authority
 * @param purpose its one extended key usage; null for an authority
 * @param pathLength null for an end certificate
 */
record ExpectedCertificate(
    X500Name issuer,
    PublicKey issuerKey,
    AlgorithmIdentifier algorithm,
    @Nullable Period within,
    Duration longest,
    X500Name subject,
    @Nullable GeneralNames names,
    int keyUsage,
    @Nullable KeyPurposeId purpose,
    @Nullable Integer pathLength) {

  /** The purpose of claim certificates. */
  static final KeyPurposeId CLAIM =
      KeyPurposeId.getInstance(new ASN1ObjectIdentifier(ClaimName.PURPOSE));

  /** Whether the key was made elsewhere. */
  boolean isOfClient() {
    return KeyPurposeId.id_kp_clientAuth.equals(purpose) || CLAIM.equals(purpose);
  }

  byte[] issuerKeyIdentifier() {
    return KeyIdentifiers.of(issuerKey);
  }

  /** Every extension that must be there, and whether it is critical. */
  Map<ASN1ObjectIdentifier, Boolean> criticality() {
    var critical = new HashMap<ASN1ObjectIdentifier, Boolean>();
    critical.put(Extension.subjectKeyIdentifier, false);
    critical.put(Extension.authorityKeyIdentifier, false);
    critical.put(Extension.keyUsage, true);
    if (pathLength != null) {
      critical.put(Extension.basicConstraints, true);
    }
    if (purpose != null) {
      critical.put(Extension.extendedKeyUsage, false);
    }
    if (names != null) {
      critical.put(Extension.subjectAlternativeName, false);
    }
    if (KeyPurposeId.id_kp_OCSPSigning.equals(purpose)) {
      critical.put(OCSPObjectIdentifiers.id_pkix_ocsp_nocheck, false);
    }
    return critical;
  }
}
