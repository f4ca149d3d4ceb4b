package io.sallyport.identity.issuance;

import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

/** A status request as a library of others writes it, with whatever a test wants in it. */
final class StatusQuestion {
  private final OCSPReqBuilder builder = new OCSPReqBuilder();
  private ASN1ObjectIdentifier algorithm = OIWObjectIdentifiers.idSHA1;
  private @Nullable Extension extension;

  StatusQuestion sha256() {
    algorithm = NISTObjectIdentifiers.id_sha256;
    return this;
  }

  StatusQuestion about(X509Certificate issuer, BigInteger serial) {
    try {
      var digests = new JcaDigestCalculatorProviderBuilder().build();
      builder.addRequest(
          new CertificateID(
              digests.get(new AlgorithmIdentifier(algorithm)),
              new X509CertificateHolder(issuer.getEncoded()),
              serial));
      return this;
    } catch (OperatorCreationException
        | OCSPException
        | CertificateEncodingException
        | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  StatusQuestion nonce(int bytes) {
    try {
      return extension(
          OCSPObjectIdentifiers.id_pkix_ocsp_nonce,
          false,
          new DEROctetString(new byte[bytes]).getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  StatusQuestion extension(ASN1ObjectIdentifier oid, boolean critical, byte[] value) {
    extension = new Extension(oid, critical, value);
    return this;
  }

  byte[] der() {
    try {
      if (extension != null) {
        builder.setRequestExtensions(new Extensions(extension));
      }
      return builder.build().getEncoded();
    } catch (OCSPException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
