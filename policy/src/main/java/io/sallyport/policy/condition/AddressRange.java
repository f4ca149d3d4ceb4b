package io.sallyport.policy.condition;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Addresses of IPv4 or IPv6 that begin with the same bits. Not a record: it is made of an array.
 */
final class AddressRange {
  // InetAddress alone would also read '10.1' and plain numbers.
  private static final Pattern V4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern BITS = Pattern.compile("[0-9]{1,3}");

  private final byte[] address;
  private final int bits;

  private AddressRange(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /** Reads an address, or an address, a slash, and how many bits of it count. */
  static Optional<AddressRange> parse(String text) {
    int slash = text.indexOf('/');
    var address = address(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return Optional.empty();
    }
    int most = address.get().length * Byte.SIZE;
    if (slash < 0) {
      return Optional.of(new AddressRange(address.get(), most));
    }
    var bits = text.substring(slash + 1);
    return BITS.matcher(bits).matches() && Integer.parseInt(bits) <= most
        ? Optional.of(new AddressRange(address.get(), Integer.parseInt(bits)))
        : Optional.empty();
  }

  private static Optional<byte[]> address(String text) {
    if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      // An IPv4 address in the form of IPv6 becomes what it is.
      return Optional.of(InetAddress.ofLiteral(text).getAddress());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static Truth covers(AddressRange range, String actual) {
    // A link-local address may name the interface that it was heard on.
    int zone = actual.indexOf('%');
    return address(zone < 0 ? actual : actual.substring(0, zone))
        .map(address -> Truth.of(range.covers(address)))
        .orElse(Truth.UNKNOWN);
  }

  private boolean covers(byte[] other) {
    int whole = bits / Byte.SIZE;
    if (other.length != address.length || !Arrays.equals(other, 0, whole, address, 0, whole)) {
      return false;
    }
    int rest = bits % Byte.SIZE;
    return rest == 0 || ((other[whole] ^ address[whole]) & 0xFF) >> (Byte.SIZE - rest) == 0;
  }
}
