package io.sallyport.gateway.est;

import java.time.Duration;

/**
 * Where the EST door is, and what it takes.
 *
 * @param host the address to listen on
 * @param port the port, 0 for any free one
 * @param requestTimeout how long a request may take to arrive, from when it may be sent
 * @param lifetime how long a connection may last, whatever it does
 * @param requestsMax requests on one connection
 * @param atOnceMax requests that the desk works on
 * @param namesEncoding whether each answer in base64 says so in a header that RFC 8951 has dropped,
 *     and not only that to a client which sends the header
 */
public record EstSettings(
    String host,
    int port,
    Duration requestTimeout,
    Duration lifetime,
    int requestsMax,
    int atOnceMax,
    boolean namesEncoding) {
  /** Bound: a body; a request for an 8192-bit RSA key has less than half of it. */
  public static final int BODY_MAX = 8 << 10;

  /** Bound: the first line, and all headers together. */
  static final int LINE_MAX = 1 << 10;

  static final int HEADERS_MAX = 8 << 10;

  /** The defaults at that place. */
  public static EstSettings at(String host, int port) {
    return new EstSettings(
        host, port, Duration.ofSeconds(10), Duration.ofMinutes(1), 32, 32, false);
  }

  /** The same for clients of RFC 7030 that read base64 only where a header says so. */
  public EstSettings withNamesEncoding(boolean named) {
    return new EstSettings(host, port, requestTimeout, lifetime, requestsMax, atOnceMax, named);
  }
}
