package io.sallyport.firmware.signing;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/** Public halves of keys that sign releases: SubjectPublicKeyInfo in PEM, as openssl writes it. */
public final class PublicKeyPem {
  private static final String LABEL = "PUBLIC KEY";

  private PublicKeyPem() {}

  /** One key. */
  public static String write(PublicKey key) {
    return new String(Pem.encode(LABEL, key.getEncoded()), StandardCharsets.US_ASCII);
  }

  /** The keys of a text, at least one; refuses what signs no release. */
  public static List<PublicKey> read(String pem) throws MalformedPem {
    var keys = new ArrayList<PublicKey>();
    for (var block : Pem.decodeAll(pem, LABEL)) {
      keys.add(key(block));
    }
    return List.copyOf(keys);
  }

  private static PublicKey key(byte[] spki) throws MalformedPem {
    for (var kind : KeyKind.values()) {
      try {
        var key =
            KeyFactory.getInstance(kind.family()).generatePublic(new X509EncodedKeySpec(spki));
        if (kind.algorithm().fits(key)) {
          return key;
        }
      } catch (GeneralSecurityException e) {
        // Perhaps it is one of the next kind.
      }
    }
    throw new MalformedPem("not a public key on P-256, nor one of ML-DSA-65");
  }
}
