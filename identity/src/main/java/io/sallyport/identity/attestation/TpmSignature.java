package io.sallyport.identity.attestation;

import static io.sallyport.identity.attestation.QuoteEvidence.malformed;
import static io.sallyport.identity.attestation.QuoteEvidence.sized;
import static io.sallyport.identity.attestation.QuoteEvidence.unsigned;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/** A TPMT_SIGNATURE (TCG TPM 2.0 Library, part 2, section 11.3.4). */
final class TpmSignature {
  private static final int LENGTH_MAX = 1100;
  private static final int ALG_SHA256 = 0x000b;
  private static final int ALG_SHA384 = 0x000c;
  private static final int COORDINATE_MAX = 48;

  private final Scheme scheme;
  // Of the hash.
  private final int bits;
  // For ECDSA r and s side by side, both of the curve's length; else the RSA value.
  private final byte[] value;

  private TpmSignature(Scheme scheme, int bits, byte[] value) {
    this.scheme = scheme;
    this.bits = bits;
    this.value = value;
  }

  /** The schemes that are verified, with their TPM_ALG_ID. */
  enum Scheme {
    RSASSA(0x0014),
    RSAPSS(0x0016),
    ECDSA(0x0018);

    private final int id;

    Scheme(int id) {
      this.id = id;
    }

    static Scheme of(int id) throws EvidenceRefused {
      for (var scheme : values()) {
        if (scheme.id == id) {
          return scheme;
        }
      }
      throw malformed("a quote is signed by RSASSA, RSAPSS or ECDSA");
    }
  }

  static TpmSignature parse(byte[] encoded) throws EvidenceRefused {
    if (encoded.length > LENGTH_MAX) {
      throw malformed("a signature must not be longer than " + LENGTH_MAX + " bytes");
    }
    var buffer = ByteBuffer.wrap(encoded);
    try {
      var scheme = Scheme.of(unsigned(buffer.getShort()));
      int bits =
          switch (unsigned(buffer.getShort())) {
            case ALG_SHA256 -> 256;
            case ALG_SHA384 -> 384;
            default -> throw malformed("a quote is signed over SHA-256 or SHA-384");
          };
      var value = scheme == Scheme.ECDSA ? pair(sized(buffer), sized(buffer), bits) : sized(buffer);
      if (buffer.hasRemaining()) {
        throw malformed("the signature has bytes after its end");
      }
      return new TpmSignature(scheme, bits, value);
    } catch (BufferUnderflowException e) {
      throw malformed("the signature ends too early");
    }
  }

  private static byte[] pair(byte[] r, byte[] s, int bits) throws EvidenceRefused {
    int length = bits / Byte.SIZE;
    if (r.length > length || s.length > length || length > COORDINATE_MAX) {
      throw malformed("the numbers of the signature are too long");
    }
    var both = new byte[2 * length];
    System.arraycopy(r, 0, both, length - r.length, r.length);
    System.arraycopy(s, 0, both, 2 * length - s.length, s.length);
    return both;
  }

  /** The JCA name of its hash. */
  String hash() {
    return "SHA-" + bits;
  }

  /** Whether that key, being one for this scheme, made it. */
  boolean isOf(PublicKey key, byte[] signed) {
    try {
      return switch (scheme) {
        case ECDSA ->
            key instanceof ECPublicKey ec
                && ec.getParams().getOrder().bitLength() == bits
                && QuoteEvidence.verifies(
                    Signature.getInstance("SHA" + bits + "withECDSAinP1363Format"),
                    key,
                    signed,
                    value);
        case RSASSA ->
            key instanceof RSAPublicKey
                && QuoteEvidence.verifies(
                    Signature.getInstance("SHA" + bits + "withRSA"), key, signed, value);
        case RSAPSS -> key instanceof RSAPublicKey && isPss(key, signed);
      };
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private boolean isPss(PublicKey key, byte[] signed) throws GeneralSecurityException {
    var verifier = Signature.getInstance("RSASSA-PSS");
    // Part 1, B.7: the salt is as long as the hash.
    verifier.setParameter(
        new PSSParameterSpec(hash(), "MGF1", new MGF1ParameterSpec(hash()), bits / Byte.SIZE, 1));
    return QuoteEvidence.verifies(verifier, key, signed, value);
  }
}
