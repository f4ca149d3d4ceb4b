package io.sallyport.cli.analysis;

import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Under which circumstances something is so. */
final class When {
  private When() {}

  /** The end of a sentence; nothing where it is always so. */
  static String text(JsonNode answer) {
    var when = answer.path("when");
    return when.isEmpty()
        ? ""
        : ", when "
            + when.valueStream().map(JsonNode::asString).collect(Collectors.joining(" and "));
  }
}
