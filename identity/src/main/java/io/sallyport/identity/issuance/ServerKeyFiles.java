package io.sallyport.identity.issuance;

import io.sallyport.identity.issuance.AuthorityRefused.Reason;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.Map;

/**
 * The servers' keys in {@code ca/}, sealed as those of the authorities are and opened by the same
 * derivation.
 */
final class ServerKeyFiles {
  private static final String SHOWN = "tls";
  private static final String BACKUP = "backup";

  private final SecretFiles files;
  private final SealingKey sealing;

  ServerKeyFiles(SecretFiles files, SealingKey sealing) {
    this.files = files;
    this.sealing = sealing;
  }

  /** Fresh keys, added to the contents of a directory that is made. */
  static ServerKeys create(SealingKey sealing, Map<String, String> contents) {
    var shown = KeyPairs.p256();
    var backup = KeyPairs.p256();
    contents.put(file(SHOWN), sealed(SHOWN, shown.getPrivate(), sealing));
    contents.put(file(BACKUP), sealed(BACKUP, backup.getPrivate(), sealing));
    return new ServerKeys(shown, backup.getPublic());
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
    if (!files.has(file(BACKUP))) {
      throw new AuthorityRefused(Reason.MISSING, "there is no backup key to promote");
    }
    var promoted = openOrMake(BACKUP);
    files.replace(file(SHOWN), sealed(SHOWN, promoted.getPrivate(), sealing));
    return new ServerKeys(promoted, make(BACKUP).getPublic());
  }

  private KeyPair openOrMake(String name) throws AuthorityRefused {
    return files.has(file(name)) ? opened(name) : make(name);
  }

  private KeyPair opened(String name) throws AuthorityRefused {
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

  private KeyPair make(String name) {
    var made = KeyPairs.p256();
    files.replace(file(name), sealed(name, made.getPrivate(), sealing));
    return made;
  }

  private static String sealed(String name, PrivateKey key, SealingKey sealing) {
    return SealedKey.seal(name, key, sealing).toString();
  }

  private static String file(String name) {
    return name.equals(SHOWN) ? "tls.key" : "tls-backup.key";
  }
}
