package io.sallyport.identity.command;

import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.cose.CoseAlgorithm;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** Keys on P-256 that sign the same each time (RFC 6979), so that vectors can be made again. */
record TestKeys(String secretHex) {
  /** The key named "11" of cose-wg/Examples. */
  static final TestKeys COMMAND =
      new TestKeys("57c92077664146e876760c9520d054aa93c3afb04e306705db6090308507b4d3");

  static final TestKeys TRANSPORT = new TestKeys("00".repeat(28) + "00c0ffee");

  static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  private static final ECDomainParameters P256 = p256();

  private static ECDomainParameters p256() {
    var curve = SECNamedCurves.getByName("secp256r1");
    return new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN(), curve.getH());
  }

  PublicKey publicKey() {
    var point =
        new FixedPointCombMultiplier()
            .multiply(P256.getG(), new BigInteger(secretHex, 16))
            .normalize();
    try {
      var info =
          new SubjectPublicKeyInfo(
              new AlgorithmIdentifier(
                  X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1),
              point.getEncoded(false));
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(info.getEncoded()));
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  PublicKeyHash id() {
    return PublicKeyHash.of(publicKey());
  }

  String pointHex() {
    var point = ((ECPublicKey) publicKey()).getW();
    return "04" + hex(point.getAffineX()) + hex(point.getAffineY());
  }

  static String hex(BigInteger number) {
    var text = number.toString(16);
    return "0".repeat(64 - text.length()) + text;
  }

  EnvelopeKey signer() {
    return new EnvelopeKey() {
      @Override
      public CoseAlgorithm algorithm() {
        return CoseAlgorithm.ES256;
      }

      @Override
      public byte[] sign(byte[] bytes) {
        try {
          var signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
          signer.init(true, new ECPrivateKeyParameters(new BigInteger(secretHex, 16), P256));
          var halves = signer.generateSignature(MessageDigest.getInstance("SHA-256").digest(bytes));
          return HexFormat.of().parseHex(hex(halves[0]) + hex(halves[1]));
        } catch (GeneralSecurityException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  /** The other signature of the same bytes that everybody can make of one: r and n - s. */
  static byte[] mirrored(byte[] envelope) {
    int from = envelope.length - 32;
    var s = new BigInteger(1, Arrays.copyOfRange(envelope, from, envelope.length));
    return withEnd(envelope, hex(ORDER.subtract(s)));
  }

  /** The same with other last bytes. */
  static byte[] withEnd(byte[] envelope, String hex) {
    var end = HexFormat.of().parseHex(hex);
    var changed = envelope.clone();
    System.arraycopy(end, 0, changed, changed.length - end.length, end.length);
    return changed;
  }
}
