package io.sallyport.app.command;

import io.sallyport.cli.terminal.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is carried between the two machines of a ceremony. */
final class CeremonyFiles {
  // Bound: requests and certificates have a few KiB.
  private static final int LENGTH_MAX = 64 << 10;

  private CeremonyFiles() {}

  static String text(Path file) {
    try {
      if (Files.size(file) > LENGTH_MAX) {
        throw Failure.badInput(file + " is too large to be a certificate or a request");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw Failure.badInput(file + " cannot be read");
    }
  }
}
