package io.sallyport.identity.issuance;

import io.sallyport.identity.issuance.AuthorityRefused.Reason;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import org.jspecify.annotations.Nullable;

/**
 * The servers' keys in {@code ca/}, sealed as those of the authorities are and opened by the same
 * derivation.
 */
final class ServerKeyFiles {
  private static final String SHOWN = "tls";
  private static final String BACKUP = "backup";

  private final SecretFiles files;
  private final SealingKey sealing;
  private final @Nullable KeyHome home;

  /**
   * Those of a directory.
   *
   * @param home where new keys are made; null when they are sealed here
   */
  ServerKeyFiles(SecretFiles files, SealingKey sealing, @Nullable KeyHome home) {
    this.files = files;
    this.sealing = sealing;
    this.home = home;
  }

  /** The keys that are there; those that are not there are made. */
  ServerKeys open() throws AuthorityRefused {
    var shown = openOrMake(SHOWN);
    var backup = openOrMake(BACKUP);
    if (backup.getPublic().equals(shown.getPublic())) {
      // A promotion was interrupted between its two files.
      backup = make(BACKUP);
    }
    return new ServerKeys(shown, backup.getPublic());
  }

  /** Two files, one after the other; a crash between them leaves one key under both names. */
  ServerKeys promoteBackup() throws AuthorityRefused {
    var place = KeyReference.place(files, name(BACKUP));
    if (place == null && !files.has(file(BACKUP))) {
      throw new AuthorityRefused(Reason.MISSING, "there is no backup key to promote");
    }
    var promoted = openOrMake(BACKUP);
    if (place == null) {
      files.replace(file(SHOWN), sealed(SHOWN, promoted.getPrivate(), sealing));
      return new ServerKeys(promoted, make(BACKUP).getPublic());
    }
    var in = KeyReference.require(home, name(BACKUP));
    var lost = KeyReference.place(files, name(SHOWN));
    files.replace(KeyReference.file(name(SHOWN)), KeyReference.content(in, place));
    var backup = make(BACKUP);
    if (lost != null && !lost.equals(place)) {
      in.destroy(lost);
    }
    return new ServerKeys(promoted, backup.getPublic());
  }

  private KeyPair openOrMake(String name) throws AuthorityRefused {
    var place = KeyReference.place(files, name(name));
    if (place != null) {
      return KeyReference.require(home, name(name)).find(place);
    }
    return files.has(file(name)) ? opened(name) : make(name);
  }

  private KeyPair opened(String name) throws AuthorityRefused {
    KeyReference.requireNoFile(files, home, use(name), name(name));
    var text = new String(files.read(file(name)), StandardCharsets.UTF_8);
    try {
      var sealed = SealedKey.parse(text);
      if (!sealing.fits(sealed.header())) {
        throw new AuthorityRefused(
            Reason.SEAL_BROKEN, file(name) + ": it was not sealed together with the authorities");
      }
      return KeyPairs.ofPrivate(sealed.open(name, sealing));
    } catch (SealBroken e) {
      throw new AuthorityRefused(Reason.SEAL_BROKEN, file(name) + ": " + e.getMessage());
    }
  }

  private KeyPair make(String name) throws AuthorityRefused {
    var in = home;
    var use = use(name);
    if (in != null && in.holds(use)) {
      // Names of before belong to keys that were promoted or destroyed.
      var taken = KeyReference.place(files, name(name));
      var place = taken == null ? in.place(use) : in.successor(taken);
      var made = in.generate(place, "secp256r1");
      files.replace(KeyReference.file(name(name)), KeyReference.content(in, place));
      return made;
    }
    var made = KeyPairs.p256();
    files.replace(file(name), sealed(name, made.getPrivate(), sealing));
    return made;
  }

  private static KeyHome.Use use(String name) {
    return name.equals(SHOWN) ? KeyHome.Use.TLS : KeyHome.Use.TLS_BACKUP;
  }

  private static String sealed(String name, PrivateKey key, SealingKey sealing) {
    return SealedKey.seal(name, key, sealing).toString();
  }

  private static String name(String name) {
    return name.equals(SHOWN) ? "tls" : "tls-backup";
  }

  private static String file(String name) {
    return name(name) + ".key";
  }
}
