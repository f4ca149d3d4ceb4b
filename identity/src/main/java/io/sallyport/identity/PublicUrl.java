package io.sallyport.identity;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where relying parties find revocation lists and status, as certificates name it for their whole
 * life. Plain HTTP: who asks cannot trust a TLS certificate yet, and the answers are signed (RFC
 * 5280, 8).
 */
public record PublicUrl(String text) {
  // Bound: every certificate carries it twice.
  private static final int CHARACTERS_MAX = 100;

  /** Refuses, with {@link IllegalArgumentException}, what no certificate should name. */
  public PublicUrl {
    try {
      var uri = new URI(text);
      if (!"http".equals(uri.getScheme())) {
        throw new IllegalArgumentException(
            "'"
                + text
                + "' does not begin with http://: answers are signed, and TLS would need"
                + " the very status that is asked for (RFC 5280, 8)");
      }
      if (uri.getHost() == null
          || uri.getRawUserInfo() != null
          || uri.getRawQuery() != null
          || uri.getRawFragment() != null
          || text.endsWith("/")
          || text.length() > CHARACTERS_MAX
          || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
        throw new IllegalArgumentException(
            "'" + text + "' is not a URL such as http://pki.example.org");
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a URL such as http://pki.example.org", e);
    }
  }

  /**
   * The list of one part of the certificates of a devices CA.
   *
   * @param generation which of the devices CAs, from 1
   */
  public String list(int generation, CrlPartition partition) {
    var whose = generation == 1 ? "devices" : "devices-g" + generation;
    return text + "/crl/" + whose + "-" + partition.number() + ".crl";
  }

  /** Where the status of one certificate is asked for. */
  public String ocsp() {
    return text + "/ocsp";
  }
}
