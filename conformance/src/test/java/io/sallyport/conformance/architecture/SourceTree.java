package io.sallyport.conformance.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The repository's text files, as far as a clone has them; what a build makes is left out. */
record SourceTree(Path root) {
  private static final Set<String> MADE =
      Set.of(".git", "target", "sallyport-data", ".idea", ".vscode", "node_modules");
  private static final Set<String> TEXT =
      Set.of(
          "java",
          "c",
          "h",
          "md",
          "xml",
          "yml",
          "yaml",
          "json",
          "sql",
          "txt",
          "sh",
          "toml",
          "properties",
          "csv",
          "html",
          "conf",
          "");

  /** One file with its content and its path from the root. */
  record Source(String path, String text) {
    List<String> lines() {
      return text.lines().toList();
    }

    boolean isJava() {
      return path.endsWith(".java");
    }

    boolean isTest() {
      return path.contains("/src/test/");
    }

    String module() {
      return path.substring(0, Math.max(0, path.indexOf('/')));
    }
  }

  /** The tree that this build runs in. */
  static SourceTree ofThisBuild() {
    var folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("build/Format.java"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("no source tree above the working directory");
      }
    }
    return new SourceTree(folder);
  }

  List<Source> sources() {
    try (Stream<Path> tree = Files.walk(root)) {
      return tree.filter(this::isTracked)
          .filter(Files::isRegularFile)
          .map(file -> new Source(root.relativize(file).toString(), read(file)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isTracked(Path file) {
    for (var part : root.relativize(file)) {
      if (MADE.contains(part.toString())) {
        return false;
      }
    }
    var name = file.getFileName().toString();
    return TEXT.contains(name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "");
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
