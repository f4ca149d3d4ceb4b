package io.sallyport.control.pins;

import io.sallyport.control.enforcement.ServerPins.Present;
import io.sallyport.control.enforcement.ServerPins.Use;
import io.sallyport.identity.PublicKeyHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Pins that went into bundles together: their devices let a server be the one that they know if any
 * of these keys is in the path that they verified.
 *
 * @param id by its content: equal sets have equal ids
 * @param bundles how many there are at most; one that could not be written was counted, too
 */
public record PinSet(String id, List<Pin> pins, Instant firstAt, Instant lastAt, long bundles) {
  private static final int ID_BYTES = 8;

  /** One of them, with what its key was for at that time. */
  public record Pin(Use use, PublicKeyHash key) {}

  public PinSet {
    pins = List.copyOf(pins);
  }

  /** The pins of what is there now. */
  static List<Pin> of(Present present) {
    return present.keys().stream().map(key -> new Pin(key.use(), key.key())).distinct().toList();
  }

  /** The id of a set of pins. */
  public static String id(List<Pin> pins) {
    var text =
        pins.stream().map(pin -> pin.key().hex()).distinct().sorted().collect(Collectors.joining());
    try {
      var hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  boolean knows(PublicKeyHash key) {
    return pins.stream().anyMatch(pin -> pin.key().equals(key));
  }

  /** Whether its devices take a server that shows that path. */
  boolean admits(Collection<PublicKeyHash> path) {
    return path.stream().anyMatch(this::knows);
  }
}
