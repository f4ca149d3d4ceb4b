package io.sallyport.app.installation;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.keys.CompromisedKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The list of compromised keys that the configuration names; without it nothing starts. */
final class WeakKeyList {
  private WeakKeyList() {}

  static CompromisedKeys read(String file) {
    if (file.isEmpty()) {
      return CompromisedKeys.NONE;
    }
    try (var lines = Files.lines(Path.of(file), StandardCharsets.US_ASCII)) {
      return CompromisedKeys.parse(lines);
    } catch (IOException | UncheckedIOException e) {
      throw Failure.badInput("ca.weak-key-list cannot be read: " + file);
    } catch (CompromisedKeys.Malformed e) {
      throw Failure.badInput("ca.weak-key-list " + file + ": " + e.getMessage());
    }
  }
}
