package io.sallyport.app.configuration;

import java.util.Optional;

/**
 * A section whose parts the file names itself.
 *
 * @param path the section's own path
 */
record NamedSection(String path) {
  /** Bound: the parts of one section. */
  static final int PARTS_MAX = 8;

  /** The section that a key with a name in its path belongs to. */
  static NamedSection of(Key<?> key) {
    return new NamedSection(key.path().substring(0, key.path().indexOf("." + Key.NAME)));
  }

  static boolean holds(Key<?> key) {
    return key.path().contains("." + Key.NAME + ".");
  }

  /** The name in a path below this section. */
  Optional<String> name(String full) {
    if (!full.startsWith(path + ".")) {
      return Optional.empty();
    }
    int from = path.length() + 1;
    int dot = full.indexOf('.', from);
    return Optional.of(full.substring(from, dot < 0 ? full.length() : dot));
  }

  /** The path as the key has it, with the place of the name instead of the name. */
  Optional<String> general(String full) {
    return name(full)
        .map(name -> path + "." + Key.NAME + full.substring(path.length() + 1 + name.length()));
  }
}
