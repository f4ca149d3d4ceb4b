package io.sallyport.gateway.est;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/**
 * What is sent back: a status, a body and the headers that belong to them. An answer that a client
 * acts on and does not show has no body: Bouncy Castle's fails when it has not read one.
 */
@SuppressWarnings("ArrayRecordComponent") // Written once, compared with nothing.
record Reply(int status, Map<String, String> headers, byte[] body) {
  private static final String CERTS_ONLY = "application/pkcs7-mime; smime-type=certs-only";
  // GNU base64 reads LF only, and every reader must take that (RFC 8951, 3.1).
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  static Reply certificates(byte[] cms) {
    return encoded(CERTS_ONLY, cms);
  }

  static Reply attributes(byte[] der) {
    return der.length == 0 ? new Reply(204, Map.of(), der) : encoded("application/csrattrs", der);
  }

  private static Reply encoded(String type, byte[] der) {
    var base64 = LINES.encode(der);
    var body = java.util.Arrays.copyOf(base64, base64.length + 1);
    body[base64.length] = '\n';
    return new Reply(200, Map.of("Content-Type", type), body);
  }

  static Reply refusal(int status, String reason) {
    return refusal(status, reason, Map.of());
  }

  static Reply refusal(int status, String reason, Map<String, String> more) {
    var headers = new java.util.TreeMap<>(more);
    headers.put("Content-Type", "text/plain; charset=utf-8");
    return new Reply(status, headers, (reason + "\n").getBytes(StandardCharsets.UTF_8));
  }

  static Reply unauthorized() {
    return new Reply(
        401,
        Map.of("WWW-Authenticate", "Basic realm=\"sallyport\", charset=\"UTF-8\""),
        new byte[0]);
  }

  static Reply pending(Duration after) {
    return new Reply(
        202, Map.of("Retry-After", Long.toString(Math.max(1, after.toSeconds()))), new byte[0]);
  }

  /** Whether its body is base64. */
  boolean isEncoded() {
    return status == 200;
  }

  static Reply later(String reason, Duration after) {
    return refusal(503, reason, Map.of("Retry-After", Long.toString(after.toSeconds())));
  }
}
