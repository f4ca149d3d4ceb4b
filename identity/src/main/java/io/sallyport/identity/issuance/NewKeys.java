package io.sallyport.identity.issuance;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a directory that is being made: sealed into its contents, or made in a home that is
 * left as it was when the directory does not come to be.
 */
final class NewKeys implements AutoCloseable {
  /** Sealed random bytes, by which a passphrase is known where no key is in a file. */
  static final String PROOF = "seal.key";

  private static final int PROOF_BYTES = 32;

  private final SealingKey sealing;
  private final @Nullable KeyHome home;
  private final Map<String, String> contents;
  private final List<String> made = new ArrayList<>();

  NewKeys(SealingKey sealing, @Nullable KeyHome home, Map<String, String> contents) {
    this.sealing = sealing;
    this.home = home;
    this.contents = contents;
    if (home != null) {
      var random = new byte[PROOF_BYTES];
      new SecureRandom().nextBytes(random);
      contents.put(PROOF, SealedKey.seal("seal", random, sealing).toString());
    }
  }

  KeyPair devices() {
    return make("devices", "devices", KeyHome.Use.DEVICES);
  }

  KeyPair servers() {
    return make("servers", "servers", KeyHome.Use.SERVERS);
  }

  ServerKeys serverKeys() {
    var shown = make("tls", "tls", KeyHome.Use.TLS);
    // Sealed under the name that it had before it had a file of that name.
    var backup = make("tls-backup", "backup", KeyHome.Use.TLS_BACKUP);
    return new ServerKeys(shown, backup.getPublic());
  }

  private KeyPair make(String file, String sealedAs, KeyHome.Use use) {
    var in = home;
    if (in == null || !in.holds(use)) {
      var keys = KeyPairs.p256();
      contents.put(file + ".key", SealedKey.seal(sealedAs, keys.getPrivate(), sealing).toString());
      return keys;
    }
    var place = in.place(use);
    var keys = in.generate(place, "secp256r1");
    made.add(place);
    contents.put(KeyReference.file(file), KeyReference.content(in, place));
    return keys;
  }

  /** Seals a key that is in memory. */
  void seal(String name, PrivateKey key) {
    contents.put(name + ".key", SealedKey.seal(name, key, sealing).toString());
  }

  /** The directory is there. */
  void keep() {
    made.clear();
  }

  @Override
  public void close() {
    var in = home;
    if (in != null) {
      made.forEach(in::destroy);
    }
  }
}
