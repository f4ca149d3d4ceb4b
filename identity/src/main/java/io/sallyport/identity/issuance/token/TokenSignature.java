package io.sallyport.identity.issuance.token;

import io.sallyport.identity.issuance.IssuanceUnavailable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.jspecify.annotations.Nullable;

/**
 * One signature by a key in a token: hashed here, signed there, and verified here before it leaves.
 * A signature that a fault spoilt can give the key away.
 */
final class TokenSignature extends SignatureSpi {
  private static final String PLAIN = "inP1363Format";

  private final String algorithm;
  private final String hash;
  private final ByteArrayOutputStream contents = new ByteArrayOutputStream();
  private @Nullable TokenKey key;

  TokenSignature(String algorithm, String hash) {
    this.algorithm = algorithm;
    this.hash = hash;
  }

  @Override
  protected void engineInitSign(PrivateKey privateKey) throws InvalidKeyException {
    if (!(privateKey instanceof TokenKey inToken)) {
      throw new InvalidKeyException("not a key in a token");
    }
    contents.reset();
    key = inToken;
  }

  @Override
  protected void engineInitVerify(PublicKey publicKey) throws InvalidKeyException {
    throw new InvalidKeyException("signatures are verified in software");
  }

  @Override
  protected void engineUpdate(byte one) {
    contents.write(one);
  }

  @Override
  protected void engineUpdate(byte[] bytes, int offset, int length) {
    contents.write(bytes, offset, length);
  }

  @Override
  protected byte[] engineSign() throws SignatureException {
    var with = key;
    if (with == null) {
      throw new SignatureException("no key");
    }
    var bytes = contents.toByteArray();
    contents.reset();
    try {
      var digest = fitting(MessageDigest.getInstance(hash).digest(bytes), with);
      var signature = formed(with.token().sign(with.label(), digest), with);
      requireVerified(bytes, signature, with);
      return signature;
    } catch (NoSuchAlgorithmException e) {
      throw new SignatureException(e);
    }
  }

  /** The leftmost bits that the curve takes (FIPS 186-5, 6.4.1): not every token cuts by itself. */
  private static byte[] fitting(byte[] digest, TokenKey key) {
    int bytes = (key.getParams().getOrder().bitLength() + 7) / 8;
    return digest.length > bytes ? Arrays.copyOf(digest, bytes) : digest;
  }

  /** As the algorithm has it: DER, or r and s side by side. */
  private byte[] formed(byte[] der, TokenKey key) throws SignatureException {
    if (!algorithm.endsWith(PLAIN)) {
      return der;
    }
    var order = key.getParams().getOrder();
    try {
      var halves = StandardDSAEncoding.INSTANCE.decode(order, der);
      return PlainDSAEncoding.INSTANCE.encode(order, halves[0], halves[1]);
    } catch (IOException | IllegalArgumentException e) {
      throw new SignatureException("the token's signature is not one of ECDSA", e);
    }
  }

  private void requireVerified(byte[] bytes, byte[] signature, TokenKey with) {
    try {
      var verifier = Signature.getInstance(algorithm);
      verifier.initVerify(with.publicKey());
      verifier.update(bytes);
      if (verifier.verify(signature)) {
        return;
      }
    } catch (NoSuchAlgorithmException | InvalidKeyException | SignatureException e) {
      throw new IssuanceUnavailable("a signature of the token could not be verified", e);
    }
    throw new IssuanceUnavailable(
        "the signature that the token made does not verify: a fault, or another key");
  }

  @Override
  protected boolean engineVerify(byte[] signature) throws SignatureException {
    throw new SignatureException("signatures are verified in software");
  }

  @Override
  @Deprecated
  protected void engineSetParameter(String parameter, Object value) {
    throw new UnsupportedOperationException(parameter);
  }

  @Override
  protected void engineSetParameter(@Nullable AlgorithmParameterSpec parameters) {
    // ECDSA has none.
  }

  @Override
  @Deprecated
  protected Object engineGetParameter(String parameter) {
    throw new UnsupportedOperationException(parameter);
  }

  @Override
  protected @Nullable AlgorithmParameters engineGetParameters() {
    return null;
  }
}
