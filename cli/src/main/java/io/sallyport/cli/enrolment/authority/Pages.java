package io.sallyport.cli.enrolment.authority;

import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads a list of the server page by page. */
final class Pages {
  private static final int PAGE = 500;

  private Pages() {}

  static List<JsonNode> all(ControlClient control, String path, String member, String name) {
    var found = new ArrayList<JsonNode>();
    var after = "";
    while (true) {
      var page = control.get(path + "?limit=" + PAGE + "&after=" + ControlClient.segment(after));
      var some = page.json().path(member).valueStream().toList();
      found.addAll(some);
      var next = page.optionalText("next").orElse("");
      if (next.isEmpty()) {
        return found;
      }
      if (some.isEmpty()
          || !next.equals(some.getLast().path(name).asString())
          || next.equals(after)) {
        throw Failure.unavailable("the server's pages do not go on after '" + after + "'");
      }
      after = next;
    }
  }
}
