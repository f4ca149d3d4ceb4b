package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.server.Pages;
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
    var pages = new Pages(control, collection, PAGE);
    while (pages.hasNext()) {
      for (var principal : pages.next().objects(collection)) {
        if (wanted(principal)) {
          found.add(principal.json());
          if (found.size() == limit) {
            return found;
          }
        }
      }
    }
    return found;
  }

  private boolean wanted(Answer principal) {
    return standing == null || standing.equals(principal.text("standing").toLowerCase(Locale.ROOT));
  }
}
