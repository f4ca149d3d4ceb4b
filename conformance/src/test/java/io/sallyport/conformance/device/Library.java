package io.sallyport.conformance.device;

import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the verifier in C gets its cryptography from: with each it is compiled once, with every
 * warning an error and under sanitizers, and talked to in lines ({@code test/verifier_main.c}).
 */
enum Library {
  MBEDTLS,
  PSA;

  /** Where the verifier's sources are. */
  static final Path SOURCES = Path.of("../device-c").toAbsolutePath().normalize();

  /** What no compiler may find a fault with. */
  static final List<String> STRICT =
      List.of("-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion", "-Wshadow");

  // Ten thousand messages, each verified under sanitizers, on a machine that does more than this.
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private static final Map<Library, Path> BUILT = new ConcurrentHashMap<>();

  /** Goes on only where it can be compiled. */
  static void need() {
    Tool.need(Tool.GCC);
    Tool.need("libmbedtls-dev", Files.exists(Path.of("/usr/include/psa/crypto.h")));
  }

  /** What the compiler has to be told for it. */
  List<String> flags() {
    return switch (this) {
      case MBEDTLS -> List.of();
      case PSA -> List.of("-DSALLYPORT_USE_PSA");
    };
  }

  /** A folder for what is built. */
  static Path folder() {
    try {
      return Files.createDirectories(Path.of("target/device-c").toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the verifier answers to those lines, which no sanitizer has anything against. */
  List<String> answers(List<String> lines) {
    try (var program = Program.start(folder(), List.of(program().toString()))) {
      program.type(String.join("\n", lines) + "\n");
      program.endInput();
      return program.endedWithin(LONGEST).expecting(0).out().lines().toList();
    }
  }

  private Path program() {
    return BUILT.computeIfAbsent(this, Library::built);
  }

  private static Path built(Library library) {
    var program = folder().resolve("verifier-" + library.name().toLowerCase(Locale.ROOT));
    var command = new ArrayList<>(List.of("gcc"));
    command.addAll(STRICT);
    command.addAll(library.flags());
    command.addAll(
        List.of(
            "-O1",
            "-g",
            "-fsanitize=address,undefined",
            "-fno-sanitize-recover=all",
            "-o",
            program.toString(),
            SOURCES.resolve("test/verifier_main.c").toString(),
            "-lmbedcrypto"));
    Program.run(folder(), command).expecting(0);
    return program;
  }
}
