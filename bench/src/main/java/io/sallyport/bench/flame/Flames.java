package io.sallyport.bench.flame;

import io.sallyport.bench.server.Observer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The flame graphs of one benchmark: one for each case. */
public final class Flames {
  private final Path directory;
  private final String benchmark;
  private final Map<String, Profile> profiles = new LinkedHashMap<>();

  /** The pictures will be in the directory, as {@code <benchmark>-<case>.svg}. */
  public Flames(Path directory, String benchmark) {
    this.directory = directory;
    this.benchmark = benchmark;
  }

  /** Who looks on while a case is measured. */
  public Observer of(String name) {
    return profiles.computeIfAbsent(name, _ -> new Profile());
  }

  /** Writes the pictures and says where; what was recorded and is empty is an error, at the end. */
  public List<Path> write() throws IOException {
    Files.createDirectories(directory);
    var written = new ArrayList<Path>();
    var empty = new ArrayList<String>();
    for (var entry : profiles.entrySet()) {
      var name = benchmark + ": " + entry.getKey();
      if (entry.getValue().isEmpty()) {
        empty.add(entry.getKey());
      } else {
        var file = directory.resolve(slug(name) + ".svg");
        var svg = entry.getValue().svg("sallyport bench " + name);
        written.add(Files.writeString(file, svg));
      }
    }
    if (!empty.isEmpty()) {
      throw new IOException(
          "no flame graph: the recording has no CPU-time samples (JDK 25 on Linux takes them) of "
              + String.join("; ", empty));
    }
    return written;
  }

  /** A file name of small letters, digits and hyphens. */
  static String slug(String name) {
    return name.toLowerCase(Locale.ROOT)
        .replace("→", "to")
        .replace("/s", " per s")
        .replaceAll("[^a-z0-9]+", "-")
        .replaceAll("^-|-$", "");
  }
}
