package io.sallyport.identity.issuance.token;

import io.sallyport.identity.issuance.KeyHome;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which token, and the names of the keys in it.
 *
 * @param library the PKCS #11 library of its maker
 * @param token the token's label
 */
public record TokenSettings(Path library, String token, Map<KeyHome.Use, String> labels) {
  private static final Pattern TOKEN =
      Pattern.compile("[\\p{Graph}&&[^;/?\"]][\\p{Print}&&[^;/?\"]]{0,31}");
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /** Refuses what no token could have, with {@link IllegalArgumentException}. */
  public TokenSettings {
    labels = Map.copyOf(labels);
    if (!library.isAbsolute()) {
      throw new IllegalArgumentException(
          "the library is named by its absolute path, so that no other is loaded: " + library);
    }
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException("'" + token + "' is not the label of a token");
    }
    labels.values().forEach(TokenSettings::requireLabel);
    if (labels.values().stream().distinct().count() != labels.size()) {
      throw new IllegalArgumentException("two keys have the same label: " + labels.values());
    }
  }

  static void requireLabel(String label) {
    if (!LABEL.matcher(label).matches()) {
      throw new IllegalArgumentException(
          "'" + label + "' is not a label of a key: letters, digits, '.', '_' and '-', at most 64");
    }
  }
}
