package io.sallyport.identity.issuance;

import io.sallyport.identity.issuance.AuthorityRefused.Reason;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The small file that stands where a sealed key would, and says which key of a {@link KeyHome} it
 * is: a URI (RFC 7512) and nothing secret.
 */
final class KeyReference {
  private static final Pattern OBJECT =
      Pattern.compile("pkcs11:token=[^;?\\s]{1,96};object=([A-Za-z0-9._-]{1,64})\\s*");

  private KeyReference() {}

  static String file(String name) {
    return name + ".pkcs11";
  }

  static String content(KeyHome home, String place) {
    return home.uri(place) + "\n";
  }

  /** The place that the file names; null when there is none, and the key is sealed in a file. */
  static @Nullable String place(SecretFiles files, String name) throws AuthorityRefused {
    if (!files.has(file(name))) {
      return null;
    }
    var text = new String(files.read(file(name)), StandardCharsets.UTF_8);
    var parts = OBJECT.matcher(text);
    if (!parts.matches()) {
      throw new AuthorityRefused(Reason.BROKEN_CHAIN, file(name) + ": not the URI of a key");
    }
    return parts.group(1);
  }

  /** The place that a URI names; null when the text is none of ours. */
  static @Nullable String place(String uri) {
    var parts = OBJECT.matcher(uri);
    return parts.matches() ? parts.group(1) : null;
  }

  /** Where a key is, whatever it is. */
  static KeyPlace look(SecretFiles files, String name) throws AuthorityRefused {
    if (place(files, name) != null) {
      var uri = new String(files.read(file(name)), StandardCharsets.UTF_8).strip();
      return new KeyPlace(name, KeyPlace.Home.PKCS11, uri);
    }
    var sealed = name + ".key";
    return files.has(sealed)
        ? new KeyPlace(name, KeyPlace.Home.FILE, sealed)
        : new KeyPlace(name, KeyPlace.Home.ELSEWHERE, "not here");
  }

  /** The home, if keys of this directory are in one; a key never changes between home and file. */
  static KeyHome require(@Nullable KeyHome home, String name) throws AuthorityRefused {
    if (home == null) {
      throw new AuthorityRefused(
          Reason.KEYS_IN_TOKEN,
          "the key of '" + name + "' is in a token: set 'pki.keys: pkcs11' to use it");
    }
    return home;
  }

  /** Refuses a sealed file where the configuration speaks of a token. */
  static void requireNoFile(SecretFiles files, @Nullable KeyHome home, KeyHome.Use use, String name)
      throws AuthorityRefused {
    if (home != null && home.holds(use) && files.has(name + ".key")) {
      throw new AuthorityRefused(
          Reason.KEYS_IN_FILES,
          "the key of '"
              + name
              + "' lives in a file, and no key moves into a token: what was in a file once may have"
              + " been copied. Keep 'pki.keys: file', or make new issuing CAs in the token"
              + " (docs/hsm.md, From files to a token)");
    }
  }
}
