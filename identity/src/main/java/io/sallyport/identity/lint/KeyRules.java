package io.sallyport.identity.lint;

import static io.sallyport.identity.lint.Rule.must;
import static io.sallyport.identity.lint.Rule.when;

import io.sallyport.identity.keys.KeyWeakness;
import io.sallyport.identity.keys.WeakKeys;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** The rules about the key that is certified and the algorithm that signs. */
final class KeyRules {
  private static final int RSA_BITS_MIN = 2048;
  private static final int CURVE_BITS_MIN = 256;

  private static final Set<ASN1ObjectIdentifier> ECDSA =
      Set.of(
          X9ObjectIdentifiers.ecdsa_with_SHA256,
          X9ObjectIdentifiers.ecdsa_with_SHA384,
          X9ObjectIdentifiers.ecdsa_with_SHA512);
  private static final Set<ASN1ObjectIdentifier> RSA =
      Set.of(
          PKCSObjectIdentifiers.sha256WithRSAEncryption,
          PKCSObjectIdentifiers.sha384WithRSAEncryption,
          PKCSObjectIdentifiers.sha512WithRSAEncryption);

  /** Costs more than all others, and is needless for a key that was made here. */
  static final Rule<ToBeSigned> STRENGTH =
      must(
          "keys-weak",
          "docs/pki-lint.md, Weak keys",
          "the key was not made by a flawed generator",
          tbs -> WeakKeys.of(read(tbs.key())).stream().map(KeyWeakness::text));

  static final List<Rule<ToBeSigned>> RULES =
      List.of(
          must(
              "rfc5480-2.1.1-named-curve",
              "RFC 5480, 2.1.1",
              "an elliptic curve is named",
              tbs ->
                  when(
                      is(tbs.key(), X9ObjectIdentifiers.id_ecPublicKey)
                          && !(tbs.key().getAlgorithm().getParameters()
                              instanceof ASN1ObjectIdentifier),
                      "its parameters are written out or missing")),
          must(
              "rfc3279-2.3.1-rsa-parameters",
              "RFC 3279, 2.3.1",
              "the parameters of an RSA key are NULL",
              tbs ->
                  when(
                      is(tbs.key(), PKCSObjectIdentifiers.rsaEncryption)
                          && !DERNull.INSTANCE.equals(tbs.key().getAlgorithm().getParameters()),
                      "they are not")),
          must(
              "rfc8410-3-no-parameters",
              "RFC 8410, 3",
              "an Ed25519 key has no parameters",
              tbs ->
                  when(
                      is(tbs.key(), EdECObjectIdentifiers.id_Ed25519)
                          && tbs.key().getAlgorithm().getParameters() != null,
                      "it has some")),
          must(
              "nist-800-131a-key-length",
              "NIST SP 800-131A; FIPS 186-5",
              "a key has at least the strength of RSA with 2048 bits or of P-256",
              KeyRules::length),
          must(
              "nist-800-131a-hash",
              "NIST SP 800-131A; RFC 8410, 3",
              "it is signed by ECDSA or RSA over SHA-2, by RSASSA-PSS or Ed25519",
              tbs -> when(!isStrong(tbs.algorithm()), name(tbs.algorithm()) + " is not")),
          must(
              "rfc5758-3.2-ecdsa-parameters",
              "RFC 5758, 3.2; RFC 8410, 3",
              "the algorithm ECDSA or Ed25519 has no parameters",
              tbs ->
                  when(
                      (ECDSA.contains(tbs.algorithm().getAlgorithm())
                              || tbs.algorithm()
                                  .getAlgorithm()
                                  .equals(EdECObjectIdentifiers.id_Ed25519))
                          && tbs.algorithm().getParameters() != null,
                      "it has some")),
          must(
              "rfc4055-5-rsa-signature-parameters",
              "RFC 4055, 5",
              "the parameters of an RSA signature are NULL",
              tbs ->
                  when(
                      RSA.contains(tbs.algorithm().getAlgorithm())
                          && !DERNull.INSTANCE.equals(tbs.algorithm().getParameters()),
                      "they are not")));

  private KeyRules() {}

  /** The key as Java reads it. */
  static PublicKey read(SubjectPublicKeyInfo info) {
    try {
      var kind =
          is(info, X9ObjectIdentifiers.id_ecPublicKey)
              ? "EC"
              : is(info, PKCSObjectIdentifiers.rsaEncryption) ? "RSA" : "EdDSA";
      return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(info.getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Stream<String> length(ToBeSigned tbs) {
    return switch (read(tbs.key())) {
      case RSAPublicKey rsa ->
          when(rsa.getModulus().bitLength() < RSA_BITS_MIN, rsa.getModulus().bitLength() + " bits");
      case ECPublicKey ec ->
          when(
              ec.getParams().getOrder().bitLength() < CURVE_BITS_MIN,
              ec.getParams().getOrder().bitLength() + " bits");
      default -> Stream.empty();
    };
  }

  private static boolean is(SubjectPublicKeyInfo key, ASN1ObjectIdentifier kind) {
    return key.getAlgorithm().getAlgorithm().equals(kind);
  }

  private static boolean isStrong(AlgorithmIdentifier algorithm) {
    var oid = algorithm.getAlgorithm();
    return ECDSA.contains(oid)
        || RSA.contains(oid)
        || oid.equals(EdECObjectIdentifiers.id_Ed25519)
        || oid.equals(PKCSObjectIdentifiers.id_RSASSA_PSS);
  }

  private static String name(AlgorithmIdentifier algorithm) {
    return algorithm.getAlgorithm().getId();
  }
}
