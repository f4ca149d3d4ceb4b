package io.sallyport.control.rest;

import io.sallyport.control.operators.Role;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of the API.
 *
 * @param path with parameters in braces, as in the OpenAPI document; in angle brackets where they
 *     may hold slashes
 * @param role what an operator must at least be; null when not even a certificate is asked for
 * @param bodyMax the longest body in bytes
 */
record Route(String method, String path, @Nullable Role role, int bodyMax, Handler handler) {
  /** Bound: bodies, but for batches. */
  static final int BODY_MAX = 64 * 1024;

  /** Bound: bodies of batches. */
  static final int BATCH_BODY_MAX = 8 * 1024 * 1024;

  /** Answers one call. */
  @FunctionalInterface
  interface Handler {
    Answer answer(Call call);
  }

  /** A status with what is to be sent as JSON, or a text of its own type. */
  record Answer(int status, Object body, String contentType, Map<String, String> headers) {
    Answer {
      headers = Map.copyOf(headers);
    }

    Answer(int status, Object body, String contentType) {
      this(status, body, contentType, Map.of());
    }

    static Answer ok(Object body) {
      return new Answer(200, body, "application/json");
    }

    static Answer created(Object body) {
      return new Answer(201, body, "application/json");
    }

    static Answer bytes(byte[] body, String contentType) {
      return new Answer(200, body, contentType);
    }
  }

  static Route get(String path, Role role, Handler handler) {
    return new Route("GET", path, role, 0, handler);
  }

  static Route post(String path, Role role, Handler handler) {
    return new Route("POST", path, role, BODY_MAX, handler);
  }
}
