package io.sallyport.brokers;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a broker is told on its command line, as {@code name=value}. */
record Arguments(Map<String, String> values) {
  static Arguments of(String[] words) {
    return new Arguments(
        Arrays.stream(words)
            .map(word -> word.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
  }

  String text(String name) {
    return optional(name)
        .orElseThrow(() -> new IllegalArgumentException("missing: " + name + "=…"));
  }

  Optional<String> optional(String name) {
    return Optional.ofNullable(values.get(name));
  }

  int number(String name) {
    return Integer.parseInt(text(name));
  }

  Path folder() {
    return Path.of(text("folder"));
  }
}
