package io.sallyport.bench.load;

/**
 * The loopback addresses that a load comes from: each has only so many ports, and a server may
 * bound what one of them, or one prefix, takes.
 *
 * @param prefix the first three octets of the first prefix
 * @param prefixes how many prefixes, counted up in the third octet
 * @param first the last octet of the first address of each
 * @param hosts how many addresses each has
 */
record Sources(String prefix, int prefixes, int first, int hosts) {
  /** Where devices are. */
  static final Sources DEVICES = new Sources("127.0.0", 1, 2, 8);

  private static final int OCTET_MAX = 254;

  Sources {
    if (!prefix.matches("127\\.\\d{1,3}\\.\\d{1,3}") || third(prefix) + prefixes - 1 > OCTET_MAX) {
      throw new IllegalArgumentException("not loopback: " + prefixes + " from " + prefix);
    }
    if (first < 1 || hosts < 1 || prefixes < 1 || first + hosts - 1 > OCTET_MAX) {
      throw new IllegalArgumentException("no such hosts: " + hosts + " from " + first);
    }
  }

  /** The same number always has the same address. */
  String address(int number) {
    var turn = Math.floorMod(number, prefixes * hosts);
    var network = prefix.substring(0, prefix.lastIndexOf('.') + 1);
    return network + (third(prefix) + turn % prefixes) + "." + (first + turn / prefixes);
  }

  private static int third(String prefix) {
    return Integer.parseInt(prefix.substring(prefix.lastIndexOf('.') + 1));
  }
}
