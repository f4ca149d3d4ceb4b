package io.sallyport.control.publication;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Pages that prove to an ACME server that a name leads here, while it looks (RFC 8555, 8.3). */
public final class ValidationPages {
  /** Bound: pages at once. */
  static final int PAGES_MAX = 100;

  // RFC 8555, 8: base64url.
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,256}");

  private final Map<String, String> pages = new ConcurrentHashMap<>();

  /** Serves a text under a token that an ACME server chose. */
  public synchronized void begin(String token, String text) {
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException("a token of the ACME server is not base64url");
    }
    if (pages.size() >= PAGES_MAX) {
      throw new IllegalStateException("more than " + PAGES_MAX + " names are being proven");
    }
    pages.put(token, text);
  }

  /** Serves it no more. */
  public synchronized void end(String token) {
    pages.remove(token);
  }

  Optional<String> find(String token) {
    return Optional.ofNullable(pages.get(token));
  }
}
