package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a collection of principals page by page. */
final class Listing {
  private static final int PAGE = 200;

  private final ControlClient control;
  private final String collection;
  private final @Nullable String standing;
  private final int limit;

  /** Of one standing or of all; a limit below zero is none. */
  Listing(ControlClient control, String collection, @Nullable String standing, int limit) {
    this.control = control;
    this.collection = collection;
    this.standing = standing;
    this.limit = limit;
  }

  List<JsonNode> read() {
    var found = new ArrayList<JsonNode>();
    var after = "";
    while (true) {
      var page = control.get(path(after));
      for (var principal : page.objects(collection)) {
        if (wanted(principal)) {
          found.add(principal.json());
          if (found.size() == limit) {
            return found;
          }
        }
      }
      var next = page.optionalText("next").orElse("");
      if (next.isEmpty()) {
        return found;
      }
      if (next.compareTo(after) <= 0) {
        throw Failure.unavailable("the server's pages do not go on after '" + after + "'");
      }
      after = next;
    }
  }

  private String path(String after) {
    var from = after.isEmpty() ? "" : "&after=" + ControlClient.segment(after);
    return collection + "?limit=" + PAGE + from;
  }

  private boolean wanted(Answer principal) {
    return standing == null || standing.equals(principal.text("standing").toLowerCase(Locale.ROOT));
  }
}
