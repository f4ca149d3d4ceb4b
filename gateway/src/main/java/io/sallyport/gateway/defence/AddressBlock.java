package io.sallyport.gateway.defence;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * Addresses that begin with the same bits.
 *
 * @param high the first 64 bits, of which an IPv4 address has the upper half; bits that do not
 *     count are 0
 * @param low the last 64 bits of an IPv6 address
 * @param bits how many of them count
 */
public record AddressBlock(long high, long low, int bits, boolean isV4) {
  private static final int V4_BITS = 32;
  private static final int V6_BITS = 128;
  // InetAddress alone would also read '10.1' and plain numbers.
  private static final Pattern FORM =
      Pattern.compile(
          "([0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:/([0-9]{1,3}))?");

  public AddressBlock {
    if (bits < 0 || bits > (isV4 ? V4_BITS : V6_BITS)) {
      throw new IllegalArgumentException("an address has no " + bits + " bits");
    }
    high &= mask(bits);
    low &= mask(bits - Long.SIZE);
  }

  /** The block of an address that has so many bits of it, or all if there are fewer. */
  public static AddressBlock of(InetAddress address, int bitsOfV4, int bitsOfV6) {
    var bytes = ByteBuffer.wrap(address.getAddress());
    return address instanceof Inet4Address
        ? new AddressBlock((long) bytes.getInt() << V4_BITS, 0, bitsOfV4, true)
        : new AddressBlock(bytes.getLong(), bytes.getLong(), bitsOfV6, false);
  }

  /** Reads an address, or an address, a slash and how many bits of it count. */
  public static AddressBlock parse(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an address, nor a block such as 10.0.0.0/8");
    }
    var address = InetAddress.ofLiteral(form.group(1));
    int most = address instanceof Inet4Address ? V4_BITS : V6_BITS;
    int bits = form.group(2) == null ? most : Integer.parseInt(form.group(2));
    return of(address, bits, bits);
  }

  public boolean contains(InetAddress address) {
    return address instanceof Inet4Address == isV4 && equals(of(address, bits, bits));
  }

  private static long mask(int bits) {
    return bits <= 0 ? 0 : -1L << (Long.SIZE - Math.min(bits, Long.SIZE));
  }

  /** The address, with its bits if they are not all. */
  @Override
  public String toString() {
    var bytes =
        isV4
            ? ByteBuffer.allocate(Integer.BYTES).putInt((int) (high >>> V4_BITS)).array()
            : ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
    try {
      var address = InetAddress.getByAddress(bytes).getHostAddress();
      return bits == (isV4 ? V4_BITS : V6_BITS) ? address : address + "/" + bits;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}
