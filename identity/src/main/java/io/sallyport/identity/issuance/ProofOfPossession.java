package io.sallyport.identity.issuance;

import io.sallyport.identity.issuance.RequestRefused.Reason;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/** The check that whoever sent a request has the private key to the key in it. */
final class ProofOfPossession {
  private static final Set<ASN1ObjectIdentifier> ACCEPTED =
      Set.of(
          X9ObjectIdentifiers.ecdsa_with_SHA256,
          X9ObjectIdentifiers.ecdsa_with_SHA384,
          X9ObjectIdentifiers.ecdsa_with_SHA512,
          PKCSObjectIdentifiers.sha256WithRSAEncryption,
          PKCSObjectIdentifiers.sha384WithRSAEncryption,
          PKCSObjectIdentifiers.sha512WithRSAEncryption,
          EdECObjectIdentifiers.id_Ed25519);

  private static final Set<ASN1ObjectIdentifier> WEAK =
      Set.of(
          X9ObjectIdentifiers.ecdsa_with_SHA1,
          X9ObjectIdentifiers.ecdsa_with_SHA224,
          PKCSObjectIdentifiers.md2WithRSAEncryption,
          PKCSObjectIdentifiers.md5WithRSAEncryption,
          PKCSObjectIdentifiers.sha1WithRSAEncryption,
          PKCSObjectIdentifiers.sha224WithRSAEncryption,
          OIWObjectIdentifiers.sha1WithRSA,
          OIWObjectIdentifiers.md5WithRSA);

  private ProofOfPossession() {}

  static void require(PKCS10CertificationRequest request, PublicKey key) throws RequestRefused {
    var algorithm = request.getSignatureAlgorithm().getAlgorithm();
    if (WEAK.contains(algorithm)) {
      throw new RequestRefused(
          Reason.WEAK_SIGNATURE, "a request must be signed over SHA-256 or better");
    }
    if (!ACCEPTED.contains(algorithm)) {
      throw new RequestRefused(
          Reason.UNSUPPORTED_SIGNATURE,
          "signatures of this kind are not read: " + algorithm.getId());
    }
    if (!verifies(request, key)) {
      throw new RequestRefused(
          Reason.NOT_PROVEN, "the request is not signed by the key that it holds");
    }
  }

  private static boolean verifies(PKCS10CertificationRequest request, PublicKey key) {
    try {
      var builder = new JcaContentVerifierProviderBuilder();
      if (key instanceof ECPublicKey) {
        builder.setProvider(SignatureCheck.PROVIDER);
      }
      return request.isSignatureValid(builder.build(key));
    } catch (OperatorCreationException | PKCSException e) {
      // A key of one kind under a signature of another ends here, too.
      return false;
    }
  }
}
