package io.sallyport.agent.bundle;

import io.sallyport.identity.PublicKeyHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys of the server that a device holds on to, the backup's among them (RFC 7469, section 2.4).
 * None at all pins nothing: then chain and name decide.
 */
public record Pins(List<PublicKeyHash> keys) {
  // Bound: a bundle has three.
  private static final int KEYS_MAX = 16;

  /** Copies the keys. */
  public Pins {
    keys = List.copyOf(keys);
  }

  /**
   * Reads {@code pins.txt}: a line for each key, its use and the hash in base64; # begins a
   * comment.
   *
   * @throws MalformedBundle if a line is anything else, or there is no pin
   */
  static Pins parse(String text) throws MalformedBundle {
    var keys = new ArrayList<PublicKeyHash>();
    for (var line : text.lines().map(String::strip).toList()) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        keys.add(PublicKeyHash.ofPin(line.substring(line.lastIndexOf(' ') + 1)));
      } catch (IllegalArgumentException e) {
        throw new MalformedBundle("pins.txt: not a pin: '" + line + "'", e);
      }
    }
    if (keys.isEmpty() || keys.size() > KEYS_MAX) {
      throw new MalformedBundle("pins.txt: has " + keys.size() + " pins, not 1 to " + KEYS_MAX);
    }
    return new Pins(keys);
  }

  /** Whether there is anything to compare with. */
  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /** Whether some certificate of a verified path has a pinned key; every pin is compared. */
  public boolean match(List<X509Certificate> path) {
    var found = false;
    for (var certificate : path) {
      var shown = ascii(PublicKeyHash.of(certificate.getPublicKey()));
      for (var pin : keys) {
        found |= MessageDigest.isEqual(ascii(pin), shown);
      }
    }
    return found;
  }

  private static byte[] ascii(PublicKeyHash hash) {
    return hash.hex().getBytes(StandardCharsets.US_ASCII);
  }
}
