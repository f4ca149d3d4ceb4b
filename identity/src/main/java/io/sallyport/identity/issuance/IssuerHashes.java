package io.sallyport.identity.issuance;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * An authority by the hashes of its name and its key, as status requests name it. SHA-1 among them
 * is no weakness: it only looks the authority up (RFC 6960, 4.3), and most clients still use it.
 */
record IssuerHashes(Map<ASN1ObjectIdentifier, Pair> byAlgorithm) {
  private static final Map<ASN1ObjectIdentifier, String> ALGORITHMS =
      Map.of(
          OIWObjectIdentifiers.idSHA1, "SHA-1",
          NISTObjectIdentifiers.id_sha256, "SHA-256");

  record Pair(ASN1OctetString name, ASN1OctetString key) {}

  IssuerHashes {
    byAlgorithm = Map.copyOf(byAlgorithm);
  }

  static IssuerHashes of(X509Certificate authority) {
    var name = authority.getSubjectX500Principal().getEncoded();
    var hashes = new java.util.HashMap<ASN1ObjectIdentifier, Pair>();
    ALGORITHMS.forEach(
        (oid, algorithm) ->
            hashes.put(oid, new Pair(hash(algorithm, name), hash(algorithm, keyBits(authority)))));
    return new IssuerHashes(hashes);
  }

  /** How a responder names itself by its key (RFC 6960, 4.2.1: SHA-1, fixed). */
  static ASN1OctetString keyHash(X509Certificate certificate) {
    return hash("SHA-1", keyBits(certificate));
  }

  /** A certificate of this authority, as a question names it that every responder understands. */
  CertID idOf(BigInteger serial) {
    var pair = byAlgorithm.get(OIWObjectIdentifiers.idSHA1);
    if (pair == null) {
      throw new IllegalStateException("an authority is known by SHA-1 too");
    }
    return new CertID(
        new AlgorithmIdentifier(OIWObjectIdentifiers.idSHA1, DERNull.INSTANCE),
        pair.name(),
        pair.key(),
        new ASN1Integer(serial));
  }

  boolean matches(CertID id) {
    var own = byAlgorithm.get(id.getHashAlgorithm().getAlgorithm());
    return own != null
        && own.name().equals(id.getIssuerNameHash())
        && own.key().equals(id.getIssuerKeyHash());
  }

  private static byte[] keyBits(X509Certificate certificate) {
    return SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded())
        .getPublicKeyData()
        .getOctets();
  }

  private static ASN1OctetString hash(String algorithm, byte[] data) {
    try {
      return new DEROctetString(MessageDigest.getInstance(algorithm).digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new IssuanceUnavailable("there is no " + algorithm, e);
    }
  }
}
