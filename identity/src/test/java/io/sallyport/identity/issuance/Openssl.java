package io.sallyport.identity.issuance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The openssl of this machine, as an oracle that shares nothing with us. */
final class Openssl {
  /** Set where the absence of a tool is a failure, as in continuous integration. */
  private static final String REQUIRED = "SALLYPORT_REQUIRE_TOOLS";

  private Openssl() {}

  /** What one call answered. */
  record Answer(int exit, String text) {}

  /** Runs openssl in a directory; skips the test aloud when there is none. */
  static Answer run(Path directory, String... arguments) throws InterruptedException {
    var command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    try {
      var process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(process.waitFor(), text);
    } catch (IOException e) {
      if (System.getenv(REQUIRED) != null) {
        throw new AssertionError("openssl is required here but not installed", e);
      }
      System.err.println("NOT TESTED against openssl, which is not installed: " + command);
      return Assumptions.abort("openssl is not installed");
    }
  }
}
