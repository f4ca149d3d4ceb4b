package io.sallyport.gateway.est;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a path names (RFC 7030, 3.2.2): an operation, and perhaps a label. Nothing is decoded or
 * normalised: a path that is written otherwise names nothing.
 */
record Target(@Nullable String label, Operation operation) {
  private static final Pattern PATH =
      Pattern.compile("/\\.well-known/est(?:/([A-Za-z0-9._-]{1,64}))?/([a-z]{1,32})");

  static Optional<Target> parse(String uri) {
    var path = PATH.matcher(uri);
    return path.matches()
        ? Operation.of(path.group(2)).map(operation -> new Target(path.group(1), operation))
        : Optional.empty();
  }
}
