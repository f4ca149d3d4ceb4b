package io.sallyport.identity.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A published list of RSA keys whose private halves are known, in the format of Debian's package
 * openssl-blacklist: the last 20 hex digits of the SHA-1 of {@code Modulus=…} as openssl prints it.
 */
public final class CompromisedKeys {
  /** No list. */
  public static final CompromisedKeys NONE = new CompromisedKeys(new long[0]);

  /** Bound: entries; those of Debian are below a million. */
  public static final int ENTRIES_MAX = 8_000_000;

  private static final Pattern ENTRY = Pattern.compile("[0-9a-f]{20}");
  private static final int DIGITS = 20;

  // The first 64 of the 80 bits of each: with a million entries, a wrong hit is one in 2^44.
  private final long[] entries;

  private CompromisedKeys(long[] entries) {
    this.entries = entries;
  }

  /** The list is not in the format that it must have. */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /** Reads a list; lines that begin with {@code #} are comments. */
  public static CompromisedKeys parse(Stream<String> lines) throws Malformed {
    var entries = new long[1024];
    int count = 0;
    int number = 0;
    for (var line : (Iterable<String>) lines::iterator) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (!ENTRY.matcher(line).matches()) {
        throw new Malformed("line " + number + " is not 20 lower-case hex digits");
      }
      if (count == ENTRIES_MAX) {
        throw new Malformed("more than " + ENTRIES_MAX + " entries");
      }
      if (count == entries.length) {
        entries = Arrays.copyOf(entries, count * 2);
      }
      entries[count++] = shortened(line);
    }
    entries = Arrays.copyOf(entries, count);
    Arrays.sort(entries);
    return new CompromisedKeys(entries);
  }

  /** How many keys it names. */
  public int size() {
    return entries.length;
  }

  /** Whether it names that key. */
  public boolean contains(PublicKey key) {
    return entries.length > 0
        && key instanceof RSAPublicKey rsa
        && Arrays.binarySearch(entries, shortened(entry(rsa))) >= 0;
  }

  private static String entry(RSAPublicKey key) {
    var printed = "Modulus=" + key.getModulus().toString(16).toUpperCase(Locale.ROOT) + "\n";
    try {
      // SHA-1 is only the index of the list; nothing rests on it.
      var digest =
          MessageDigest.getInstance("SHA-1").digest(printed.getBytes(StandardCharsets.US_ASCII));
      var hex = HexFormat.of().formatHex(digest);
      return hex.substring(hex.length() - DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  private static long shortened(String entry) {
    return Long.parseUnsignedLong(entry, 0, 16, 16);
  }
}
