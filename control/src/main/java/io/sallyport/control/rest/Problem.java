package io.sallyport.control.rest;

/** A request that gets no for an answer, in the form of RFC 9457. Cheap: it has no stack trace. */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String reason;
  private final String detail;

  Problem(int status, String reason, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.reason = reason;
    this.detail = detail;
  }

  int status() {
    return status;
  }

  String reason() {
    return reason;
  }

  /** What is sent. */
  Body body() {
    return new Body(title(status), status, detail, reason);
  }

  /** The members of a problem document. */
  record Body(String title, int status, String detail, String reason) {}

  static String title(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 409 -> "Conflict";
      case 413 -> "Content Too Large";
      case 415 -> "Unsupported Media Type";
      case 422 -> "Unprocessable Content";
      case 503 -> "Service Unavailable";
      default -> status < 500 ? "Bad Request" : "Internal Server Error";
    };
  }
}
