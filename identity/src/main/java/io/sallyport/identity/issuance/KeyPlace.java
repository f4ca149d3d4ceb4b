package io.sallyport.identity.issuance;

import java.util.Locale;

/**
 * Where one private key of an installation is.
 *
 * @param name what it is for
 * @param where the file, or the URI of the key in a token
 */
public record KeyPlace(String name, Home home, String where) {
  /** The kinds of places. */
  public enum Home {
    FILE,
    PKCS11,
    ELSEWHERE;

    /** The lower-case word in JSON and configuration. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether somebody with the passphrase could copy it from here. */
  public boolean isExtractable() {
    return home == Home.FILE;
  }
}
