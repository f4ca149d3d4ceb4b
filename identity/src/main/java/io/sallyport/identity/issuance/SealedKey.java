package io.sallyport.identity.issuance;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A private key at rest: a text of a readable header (cipher, derivation, salt, nonce), which is
 * authenticated, and the encrypted PKCS#8 form. Every change of any byte is refused on opening.
 */
final class SealedKey {
  private static final String BEGIN = "-----BEGIN SALLYPORT SEALED KEY-----\n";
  private static final String END = "-----END SALLYPORT SEALED KEY-----\n";
  // Bound: a sealed EC key has about 600 characters.
  private static final int LENGTH_MAX = 8 * 1024;
  private static final Pattern BODY = Pattern.compile("[A-Za-z0-9+/]{22,}={0,2}");

  private final SealHeader header;
  private final String body;

  private SealedKey(SealHeader header, String body) {
    this.header = header;
    this.body = body;
  }

  /** Seals a key under a name, which must be given again to open it. */
  static SealedKey seal(String name, PrivateKey key, SealingKey with) {
    return seal(name, key.getEncoded(), with);
  }

  /** Seals any secret under a name, and wipes it. */
  static SealedKey seal(String name, byte[] secret, SealingKey with) {
    var header = with.freshHeader(name);
    var sealed = with.encrypt(header, secret);
    Arrays.fill(secret, (byte) 0);
    return new SealedKey(header, Base64.getEncoder().encodeToString(sealed));
  }

  static SealedKey parse(String text) throws SealBroken {
    if (text.length() > LENGTH_MAX || !text.startsWith(BEGIN) || !text.endsWith("\n" + END)) {
      throw new SealBroken("not a sealed key");
    }
    int split = text.indexOf("\n\n");
    int end = text.length() - END.length() - 1;
    if (split < BEGIN.length() || split + 2 > end) {
      throw new SealBroken("not a sealed key");
    }
    var header = SealHeader.parse(text.substring(BEGIN.length(), split + 1));
    var body = text.substring(split + 2, end);
    if (!BODY.matcher(body).matches()) {
      throw new SealBroken("not a sealed key");
    }
    return new SealedKey(header, body);
  }

  SealHeader header() {
    return header;
  }

  /** Opens it; refuses a key that was sealed under another name. */
  PrivateKey open(String name, SealingKey with) throws SealBroken {
    var secret = openSecret(name, with);
    try {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(secret));
    } catch (GeneralSecurityException e) {
      throw new SealBroken("the sealed key is not one of ours");
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** Opens any secret, for the caller to wipe. */
  byte[] openSecret(String name, SealingKey with) throws SealBroken {
    var secret = with.decrypt(header, sealedBytes());
    if (!header.name().equals(name)) {
      Arrays.fill(secret, (byte) 0);
      throw new SealBroken("this is the key of '" + header.name() + "', not of '" + name + "'");
    }
    return secret;
  }

  /** Refuses a second spelling of the same bytes, too: stray bits after the last one count. */
  private byte[] sealedBytes() throws SealBroken {
    try {
      var bytes = Base64.getDecoder().decode(body);
      if (Base64.getEncoder().encodeToString(bytes).equals(body)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Told below, in the same words.
    }
    throw new SealBroken("not a sealed key");
  }

  @Override
  public String toString() {
    return BEGIN + header.text() + "\n" + body + "\n" + END;
  }
}
