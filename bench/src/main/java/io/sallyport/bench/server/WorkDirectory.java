package io.sallyport.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A throw-away folder: keys and data of a measurement do not outlive it. */
public record WorkDirectory(Path path) implements AutoCloseable {
  /** Readable by its owner only, as temporary folders are. */
  public static WorkDirectory create() throws IOException {
    return new WorkDirectory(Files.createTempDirectory("sallyport-bench-"));
  }

  @Override
  public void close() {
    try (var tree = Files.walk(path)) {
      for (var each : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + path, e);
    }
  }
}
