package io.sallyport.cli.server;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Json;
import tools.jackson.core.JacksonException;

/** What a server said when it did not do what it was asked (RFC 9457). */
final class Problem {
  private Problem() {}

  /** The failure of a command that got this answer. */
  static Failure of(int status, byte[] body) {
    var line = explanation(status, body);
    return switch (status) {
      case 400, 413, 415 -> Failure.badInput(line);
      case 401, 403, 404, 409, 422 -> Failure.refused(line);
      default -> Failure.unavailable(line);
    };
  }

  private static String explanation(int status, byte[] body) {
    try {
      var problem = Json.mapper().readTree(body);
      for (var member : new String[] {"detail", "title"}) {
        var text = problem.get(member);
        if (text != null && text.isString() && !text.stringValue().isBlank()) {
          return text.stringValue();
        }
      }
    } catch (JacksonException e) {
      // Some proxy between us and the server answered; its page is of no use on one line.
    }
    return "the server answered with status " + status;
  }
}
