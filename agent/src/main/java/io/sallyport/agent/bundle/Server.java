package io.sallyport.agent.bundle;

/**
 * Where a device connects.
 *
 * @param host a DNS name or an address, which the server's certificate must name
 * @param port 1 to 65535
 */
public record Server(String host, int port) {
  private static final int PORT_MAX = 65_535;

  /** Refuses, with {@link IllegalArgumentException}, what no socket can be opened to. */
  public Server {
    if (host.isBlank() || port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException("not a host and a port: " + host + ":" + port);
    }
  }

  /**
   * Reads {@code HOST:PORT}; an IPv6 address is in brackets.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Server parse(String text) {
    var colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("not HOST:PORT: " + text);
    }
    var host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      return new Server(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not HOST:PORT: " + text, e);
    }
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
