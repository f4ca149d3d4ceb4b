package io.sallyport.control.publication;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What anybody is answered over HTTP, with how long it may be kept by those in between. */
public final class PublicAnswer {
  /** Bound: how long a cache may keep it, so that a revocation is not hidden for longer. */
  static final Duration CACHED_MAX = Duration.ofMinutes(5);

  // RFC 9110, 5.6.7: always two digits of the day, which the JDK's RFC 1123 form does not have.
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final int status;
  private final String contentType;
  private final Map<String, String> headers;
  private final byte[] body;

  private PublicAnswer(int status, String contentType, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.contentType = contentType;
    this.headers = Map.copyOf(headers);
    this.body = body;
  }

  /** Why there is nothing, in a line for people. */
  static PublicAnswer refusal(int status, String why) {
    return new PublicAnswer(
        status,
        "text/plain; charset=utf-8",
        Map.of("Cache-Control", "no-store"),
        (why + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Something for this asker alone. */
  static PublicAnswer once(String contentType, byte[] body) {
    return new PublicAnswer(200, contentType, Map.of("Cache-Control", "no-store"), body);
  }

  /**
   * Something for everybody (RFC 5019, 6), or that the asker has it already.
   *
   * @param known the asker's If-None-Match
   */
  static PublicAnswer shared(
      String contentType,
      byte[] body,
      Instant made,
      Instant until,
      Instant now,
      @Nullable String known) {
    var left = Duration.between(now, until);
    var kept = left.compareTo(CACHED_MAX) < 0 ? left : CACHED_MAX;
    var tag = "\"" + HexFormat.of().formatHex(Contents.sha256().digest(body), 0, 16) + "\"";
    var headers = new LinkedHashMap<String, String>();
    headers.put("ETag", tag);
    headers.put("Last-Modified", DATE.format(made));
    headers.put("Expires", DATE.format(kept.isNegative() ? now : now.plus(kept)));
    headers.put(
        "Cache-Control",
        kept.isPositive()
            ? "max-age=" + kept.toSeconds() + ", public, no-transform, must-revalidate"
            : "no-cache");
    var has = known != null && (known.strip().equals("*") || known.contains(tag));
    return new PublicAnswer(has ? 304 : 200, contentType, headers, has ? new byte[0] : body);
  }

  /** The status of HTTP. */
  public int status() {
    return status;
  }

  public String contentType() {
    return contentType;
  }

  /** Headers besides the type. */
  public Map<String, String> headers() {
    return headers;
  }

  /** To be read only. */
  public byte[] body() {
    return body;
  }
}
