package io.sallyport.exchange.upstream;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a broker listens.
 *
 * @param host a name or an address, without brackets
 * @param port the TCP port
 */
public record BrokerAddress(String host, int port) {
  /** Bound: a cluster has fewer doors than this. */
  static final int ADDRESSES_MAX = 16;

  private static final int PORT_MAX = 65_535;

  /**
   * What the configuration names.
   *
   * @param isTls whether TLS is spoken
   * @param addresses one at least, in the order in which they are tried
   */
  public record Upstream(boolean isTls, List<BrokerAddress> addresses) {
    /** Copies the list. */
    public Upstream {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * Reads {@code tcp://host:port} or {@code ssl://host:port}, several separated by commas; only the
   * first needs its scheme, and all have the same.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  public static Upstream parse(String text) {
    String scheme = null;
    List<BrokerAddress> addresses = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String stripped = part.strip();
      URI uri = uri(stripped.contains("://") ? stripped : scheme + "://" + stripped);
      String spoken = uri.getScheme();
      if (!"tcp".equals(spoken) && !"ssl".equals(spoken)) {
        throw new IllegalArgumentException("'" + stripped + "' begins neither tcp:// nor ssl://");
      }
      if (scheme != null && !scheme.equals(spoken)) {
        throw new IllegalArgumentException("tcp:// and ssl:// cannot be mixed");
      }
      scheme = spoken;
      addresses.add(address(uri, stripped));
    }
    if (addresses.size() > ADDRESSES_MAX) {
      throw new IllegalArgumentException("more than " + ADDRESSES_MAX + " addresses");
    }
    return new Upstream("ssl".equals(scheme), addresses);
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException _) {
      throw new IllegalArgumentException("not tcp://host:port or ssl://host:port");
    }
  }

  private static BrokerAddress address(URI uri, String text) {
    // Not shown when it may hold a password.
    if (uri.getRawUserInfo() != null || text.contains("@")) {
      throw new IllegalArgumentException("no user or password belongs into an address");
    }
    String host = uri.getHost();
    boolean bare =
        (uri.getRawPath() == null || uri.getRawPath().isEmpty())
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null;
    if (host == null || uri.getPort() < 1 || uri.getPort() > PORT_MAX || !bare) {
      throw new IllegalArgumentException("'" + text + "' is not scheme://host:port");
    }
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return new BrokerAddress(
        bracketed ? host.substring(1, host.length() - 1) : host, uri.getPort());
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
