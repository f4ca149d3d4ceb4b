package io.sallyport.identity.issuance;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.command.EnvelopeKey;
import io.sallyport.identity.cose.CoseAlgorithm;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes and opens keys that sign commands, and receipts of commands, wherever the key is. */
public final class EnvelopeKeys {
  private static final String NAME = "command";

  private EnvelopeKeys() {}

  /**
   * The key of a pair, by the algorithm that fits its public half.
   *
   * @throws IllegalArgumentException if there is none, as for RSA with fewer than 2048 bits
   */
  public static EnvelopeKey of(KeyPair pair) {
    return new Key(CoseAlgorithm.of(pair.getPublic()), pair.getPrivate());
  }

  /**
   * A new command key, which is nothing else's.
   *
   * @param publicKeyPem its public half, SubjectPublicKeyInfo in PEM
   * @param sealed its private half, which only the seal opens, or where it is in a token
   */
  public record Made(PublicKeyHash id, String publicKeyPem, String sealed) {}

  /**
   * Makes a command key on P-256.
   *
   * @param home where, if command keys are made there; null for sealed ones
   * @throws IssuanceUnavailable when the home is out of reach
   */
  public static Made make(Seal seal, @Nullable KeyHome home) {
    if (home != null && home.holds(KeyHome.Use.COMMAND)) {
      var place = home.successor(home.place(KeyHome.Use.COMMAND));
      return made(home.generate(place, "secp256r1").getPublic(), home.uri(place));
    }
    var pair = KeyPairs.p256();
    var secret = pair.getPrivate().getEncoded();
    try {
      return made(pair.getPublic(), seal.seal(NAME, secret));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static Made made(PublicKey key, String kept) {
    var pem = new String(Pem.encode("PUBLIC KEY", key.getEncoded()), StandardCharsets.US_ASCII);
    return new Made(PublicKeyHash.of(key), pem, kept);
  }

  /** Destroys a key in a token that no registry came to hold; a sealed one is gone by itself. */
  public static void forget(Made made, @Nullable KeyHome home) {
    var place = KeyReference.place(made.sealed());
    if (place != null && home != null) {
      home.destroy(place);
    }
  }

  /** The public half of a key, as {@link Made} has it. */
  public static PublicKey publicKey(String pem) {
    try {
      var der = Pem.decode(pem, "PUBLIC KEY");
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
    } catch (MalformedPem | GeneralSecurityException e) {
      throw new IllegalArgumentException("no public key of a command key", e);
    }
  }

  /**
   * Opens a command key.
   *
   * @param home where it is, if it is not sealed
   * @throws IssuanceUnavailable when the home is out of reach
   */
  public static EnvelopeKey open(Seal seal, @Nullable KeyHome home, String sealed)
      throws SealBroken {
    var place = KeyReference.place(sealed);
    if (place != null) {
      if (home == null) {
        throw new SealBroken("it is in a token: set 'pki.keys: pkcs11' to use it");
      }
      return of(home.find(place));
    }
    var secret = seal.open(NAME, sealed);
    try {
      var key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(secret));
      return of(KeyPairs.ofPrivate(key));
    } catch (GeneralSecurityException e) {
      throw new SealBroken("the sealed key is not one on P-256");
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private record Key(CoseAlgorithm algorithm, PrivateKey key) implements EnvelopeKey {
    @Override
    public byte[] sign(byte[] bytes) {
      try {
        var signer = algorithm.engine();
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
