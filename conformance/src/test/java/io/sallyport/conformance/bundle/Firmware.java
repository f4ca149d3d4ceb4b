package io.sallyport.conformance.bundle;

import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Ran;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A bundle as a firmware project has it: sources to compile, and constants to spoil. */
final class Firmware {
  /** The results that sallyport_client.h names. */
  static final int DONE = 0;

  static final int NOT_TRUSTED = 5;
  static final int NOT_PINNED = 6;
  static final int TLS = 7;

  private static final List<String> STRICT =
      List.of("-Wall", "-Wextra", "-Werror", "-pedantic", "-O1");

  private final Path folder;

  Firmware(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /** Compiles one source of the bundle. */
  Ran compile(String compiler, String... arguments) {
    var command = new ArrayList<>(List.of(compiler));
    command.addAll(STRICT);
    command.addAll(List.of(arguments));
    return Program.run(folder, command);
  }

  /** The client that the bundle brings, compiled and linked with Debian's library. */
  Firmware build() {
    compile(
            "gcc",
            "-std=c99",
            "-o",
            "client",
            "sallyport_main.c",
            "sallyport_client.c",
            "sallyport_credentials.c",
            "-lmbedtls",
            "-lmbedx509",
            "-lmbedcrypto")
        .expecting(0);
    return this;
  }

  /** Runs the client, which publishes that. */
  Ran publish(String payload) {
    return Program.run(folder, List.of("./client", payload));
  }

  /** The same bundle with another port. */
  Firmware at(int port) {
    return changed(
        "sallyport_credentials.h", "#define SALLYPORT_PORT \\d+", "#define SALLYPORT_PORT " + port);
  }

  /** The same bundle with a constant, as it stands in the source of another one. */
  Firmware with(String constant, Firmware other) {
    var block = block(constant).matcher(other.text("sallyport_credentials.c"));
    if (!block.find()) {
      throw new AssertionError("no constant " + constant + " in " + other.folder);
    }
    return changed("sallyport_credentials.c", block(constant).pattern(), block.group());
  }

  /** The same bundle with pins of which every bit is another. */
  Firmware withoutItsPins() {
    var source = text("sallyport_credentials.c");
    var pins = source.substring(source.indexOf("sallyport_pins["));
    var spoilt = new StringBuilder();
    var bytes = Pattern.compile("0x([0-9a-f]{2})").matcher(pins);
    while (bytes.find()) {
      var flipped = Integer.parseInt(bytes.group(1), 16) ^ 0xff;
      bytes.appendReplacement(spoilt, "0x%02x".formatted(flipped));
    }
    bytes.appendTail(spoilt);
    return write("sallyport_credentials.c", source.replace(pins, spoilt));
  }

  /** The same bundle that trusts another root. */
  Firmware trusting(String pem) {
    var text = pem.lines().map(line -> "  \"" + line + "\\\\n\"").toList();
    return changed(
        "sallyport_credentials.c",
        block("sallyport_ca_pem").pattern(),
        "const unsigned char sallyport_ca_pem[] =\n" + String.join("\n", text) + ";\n");
  }

  private static Pattern block(String constant) {
    return Pattern.compile("const unsigned char " + constant + "\\[[^=]*= \\{[^}]*\\};\\n");
  }

  private Firmware changed(String file, String pattern, String replacement) {
    var before = text(file);
    var after = before.replaceFirst(pattern, replacement);
    if (after.equals(before)) {
      throw new AssertionError("nothing to change in " + file + ": " + pattern);
    }
    return write(file, after);
  }

  private Firmware write(String file, String text) {
    try {
      Files.writeString(folder.resolve(file), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
