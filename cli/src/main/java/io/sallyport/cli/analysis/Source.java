package io.sallyport.cli.analysis;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.analysis.TooComplex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** A policy that the user names: a file, or else one that the server has. */
public final class Source {
  private static final Pattern STORED =
      Pattern.compile("([\\w+=,.@-]{1,128}?)(?::([1-9]\\d{0,8}))?");

  private Source() {}

  static PolicyDocument read(String source, Terminal terminal, Connection connection) {
    try {
      return parsed(source, terminal, connection);
    } catch (MalformedPolicy e) {
      throw located(source, e);
    }
  }

  /** The same for whoever has something to say of a file that is no policy. */
  static PolicyDocument parsed(String source, Terminal terminal, Connection connection)
      throws MalformedPolicy {
    if (source.equals("-") || Files.exists(Path.of(source))) {
      return PolicyDocument.parse(text(source, terminal));
    }
    var stored = STORED.matcher(source);
    if (!stored.matches()) {
      throw Failure.badInput("there is no file " + source);
    }
    var version = stored.group(2);
    try (var control = connection.open()) {
      return stored(control, stored.group(1), version == null ? "" : "?version=" + version);
    }
  }

  static PolicyDocument file(String source, Terminal terminal) {
    try {
      return PolicyDocument.parse(text(source, terminal));
    } catch (MalformedPolicy e) {
      throw located(source, e);
    }
  }

  private static String text(String source, Terminal terminal) {
    return InputFile.read(source, PolicyDocument.BYTES_MAX + 1, terminal).text();
  }

  static Failure located(String source, MalformedPolicy e) {
    return Failure.badInput(source + ":" + e.line() + ":" + e.column() + ": " + e.getMessage());
  }

  /** The document of that name; a query may ask for a version. */
  public static PolicyDocument stored(ControlClient control, String name, String query) {
    var answer = control.get("policies/" + ControlClient.segment(name) + query);
    try {
      return PolicyDocument.parse(answer.object("document").json().toString());
    } catch (MalformedPolicy e) {
      throw Failure.unavailable("the server's policy is not understood here: " + e.getMessage());
    }
  }

  /** Beyond a bound there is no answer, and no answer is a no. */
  static <T> T bounded(Supplier<T> analysis) {
    try {
      return analysis.get();
    } catch (TooComplex e) {
      throw Failure.refused(String.valueOf(e.getMessage()));
    }
  }
}
