package io.sallyport.cli.command;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** {@code KEY=VALUE} as words of a command. */
final class Pairs {
  private Pairs() {}

  /** The body that sets some pairs and removes others; a key ends at the first equals sign. */
  static ObjectNode change(
      String member, @Nullable List<String> pairs, @Nullable List<String> remove) {
    var body = Json.mapper().createObjectNode();
    if (pairs != null) {
      var set = body.putObject(member);
      for (var pair : pairs) {
        int end = pair.indexOf('=');
        if (end < 1) {
          throw Failure.badInput("'" + pair + "' is not of the form KEY=VALUE");
        }
        set.put(pair.substring(0, end), pair.substring(end + 1));
      }
    }
    if (remove != null) {
      remove.forEach(body.putArray("remove")::add);
    }
    return body;
  }
}
