package io.sallyport.control.jobs;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The document of a job, checked and written as devices get it. */
final class JobDocument {
  /** Bound: levels of objects and lists. */
  static final int DEPTH_MAX = 32;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private JobDocument() {}

  /** The text, which is no longer than so many bytes. */
  static String write(JsonNode document, int bytesMax) throws MalformedJob {
    if (!document.isObject()) {
      throw new MalformedJob("'document' is a JSON object");
    }
    check(document, DEPTH_MAX);
    var text = JSON.writeValueAsString(document);
    if (text.getBytes(StandardCharsets.UTF_8).length > bytesMax) {
      throw new MalformedJob("'document' may have " + bytesMax + " bytes");
    }
    return text;
  }

  private static void check(JsonNode node, int levels) throws MalformedJob {
    if (node.isContainer() && levels == 0) {
      throw new MalformedJob("'document' may have " + DEPTH_MAX + " levels");
    }
    if (node.isFloatingPointNumber() && !Double.isFinite(node.asDouble())) {
      throw new MalformedJob("'document' has a number that is too large");
    }
    for (var child : node) {
      check(child, levels - 1);
    }
  }
}
