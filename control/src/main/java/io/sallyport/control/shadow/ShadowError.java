package io.sallyport.control.shadow;

/**
 * Why a request is refused, in the words of AWS IoT's Device Shadow error messages.
 *
 * @param code an HTTP status
 */
public record ShadowError(int code, String message) {
  static final ShadowError INVALID_JSON = new ShadowError(400, "Invalid JSON");
  static final ShadowError INVALID_VERSION = new ShadowError(400, "Invalid version");
  static final ShadowError INVALID_TOKEN = new ShadowError(400, "Invalid clientToken");
  static final ShadowError STATE_MISSING = new ShadowError(400, "Missing required node: state");
  static final ShadowError STATE_NO_OBJECT = new ShadowError(400, "State node must be an object");
  static final ShadowError TOO_DEEP =
      new ShadowError(
          400, "JSON contains too many levels of nesting; maximum is " + ShadowRequest.LEVELS_MAX);
  static final ShadowError FORBIDDEN = new ShadowError(403, "Forbidden");
  static final ShadowError NO_THING = new ShadowError(404, "Thing not found");
  static final ShadowError CONFLICT = new ShadowError(409, "Version conflict");
  static final ShadowError TOO_LARGE =
      new ShadowError(413, "The payload exceeds the maximum size allowed");
  static final ShadowError NOT_UTF_8 =
      new ShadowError(415, "Unsupported documented encoding; supported encoding is UTF-8");
  static final ShadowError TOO_MANY = new ShadowError(429, "Too many requests");
  static final ShadowError BROKEN = new ShadowError(500, "Internal service failure");

  /** Not of AWS IoT, which knows no such bound. */
  static ShadowError tooManyNamed(int most) {
    return new ShadowError(403, "Too many named shadows of this thing; maximum is " + most);
  }

  static ShadowError noShadow(ShadowId id) {
    return new ShadowError(404, "No shadow exists with name: '" + id + "'");
  }
}
