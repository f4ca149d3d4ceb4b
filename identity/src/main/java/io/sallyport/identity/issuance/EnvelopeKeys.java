package io.sallyport.identity.issuance;

import io.sallyport.identity.command.EnvelopeKey;
import io.sallyport.identity.cose.CoseAlgorithm;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;

/** Keys that sign commands, and receipts of commands, wherever the key is. */
public final class EnvelopeKeys {
  private EnvelopeKeys() {}

  /**
   * The key of a pair, by the algorithm that fits its public half.
   *
   * @throws IllegalArgumentException if there is none, as for RSA
   */
  public static EnvelopeKey of(KeyPair pair) {
    return new Key(CoseAlgorithm.of(pair.getPublic()), pair.getPrivate());
  }

  private record Key(CoseAlgorithm algorithm, PrivateKey key) implements EnvelopeKey {
    @Override
    public byte[] sign(byte[] bytes) {
      try {
        var signer = Signature.getInstance(algorithm.jca());
        signer.initSign(key);
        signer.update(bytes);
        return signer.sign();
      } catch (GeneralSecurityException e) {
        throw new IssuanceUnavailable("an envelope could not be signed", e);
      }
    }

    @Override
    public String toString() {
      return "EnvelopeKey[hidden]";
    }
  }
}
