package io.sallyport.identity.command;

import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.cose.CborValue.Bytes;
import io.sallyport.identity.cose.CborValue.Whole;
import io.sallyport.identity.cose.CoseAlgorithm;
import io.sallyport.identity.cose.Labels;
import io.sallyport.identity.cose.MalformedCbor;
import io.sallyport.identity.cose.StrictCbor;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Map;

/**
 * What a command key says of the one after it, to every device of the installation: which key that
 * is. It needs no date and no number of its own: there is one key of each generation, so that one
 * which is repeated changes nothing.
 *
 * @param generation of the key that is introduced
 * @param key on P-256
 */
record KeyIntroduction(long generation, PublicKey key) {
  private static final int GENERATION = 1;
  private static final int KEY = 2;

  byte[] sign(String tenant, PublicKeyHash signer, EnvelopeKey by) {
    if (by.algorithm() != CoseAlgorithm.ES256 || !CoseAlgorithm.ES256.fits(key)) {
      throw new IllegalArgumentException("a command key is one on P-256");
    }
    var payload =
        StrictCbor.write(
            Labels.numbers(
                Map.of(GENERATION, new Whole(generation), KEY, new Bytes(key.getEncoded()))));
    return Envelope.sign(
        Envelope.Type.INTRODUCTION,
        payload,
        signer.hex(),
        Envelope.besides(Envelope.Type.INTRODUCTION, tenant),
        by);
  }

  static KeyIntroduction of(Envelope envelope) throws MalformedCbor {
    var labels = Labels.of(envelope.payload(), "the introduction");
    var generation = labels.number(GENERATION);
    var der = labels.bytes(KEY);
    labels.requireNoOther();
    try {
      var key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
      if (CoseAlgorithm.ES256.fits(key) && Arrays.equals(key.getEncoded(), der)) {
        return new KeyIntroduction(generation, key);
      }
    } catch (GeneralSecurityException _) {
      // Told below.
    }
    throw new MalformedCbor("the key that is introduced is none on P-256");
  }
}
