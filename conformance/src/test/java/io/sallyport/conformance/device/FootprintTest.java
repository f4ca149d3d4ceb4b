package io.sallyport.conformance.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the verifier in C costs a device, and which compilers take it. */
class FootprintTest {
  /** Bound: bytes of code and constants on a processor that it is for. */
  private static final int BYTES_MAX = 4096;

  /** The same on this machine, whose instructions are longer: so that growth is noticed here. */
  private static final int BYTES_HERE_MAX = 5632;

  private static final Pattern SECTION =
      Pattern.compile("^\\.(?:text|rodata)\\S*\\s+(\\d+)", Pattern.MULTILINE);
  private static final Pattern NEEDED = Pattern.compile("^\\s+U (\\S+)$", Pattern.MULTILINE);

  @BeforeAll
  static void needsTheCompiler() {
    Library.need();
  }

  @ParameterizedTest
  @EnumSource
  void doesNotGrow(Library library) {
    assertThat(size("gcc", library, List.of())).isBetween(1, BYTES_HERE_MAX);
  }

  @ParameterizedTest
  @EnumSource
  void fitsIntoFourKilobytesOfACortex(Library library) throws IOException {
    Tool.need(Tool.ARM_GCC);

    assertThat(
            size(
                "arm-none-eabi-gcc",
                library,
                List.of("-mcpu=cortex-m0plus", "-mthumb", "-I" + headersOfTheLibraryAlone())))
        .isBetween(1, BYTES_MAX);
  }

  /** The host's other headers are not for that processor. */
  private static Path headersOfTheLibraryAlone() throws IOException {
    var include = Files.createDirectories(Library.folder().resolve("include"));
    for (var name : List.of("mbedtls", "psa")) {
      var link = include.resolve(name);
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, Path.of("/usr/include", name));
    }
    return include;
  }

  private static int size(String compiler, Library library, List<String> target) {
    var object = object(compiler, library, target);
    var sections = Program.run(Library.folder(), List.of("size", "-A", object)).expecting(0).out();
    return SECTION
        .matcher(sections)
        .results()
        .mapToInt(section -> Integer.parseInt(section.group(1)))
        .sum();
  }

  private static String object(String compiler, Library library, List<String> target) {
    var object = "%s-%s.o".formatted(Path.of(compiler).getFileName(), library);
    var command = new ArrayList<>(List.of(compiler));
    command.addAll(Library.STRICT);
    command.addAll(library.flags());
    command.addAll(target);
    command.addAll(
        List.of(
            "-Os", "-c", "-o", object, Library.SOURCES.resolve("sallyport_command.c").toString()));
    Program.run(Library.folder(), command).expecting(0);
    return object;
  }

  /** Nothing that allocates, prints, or reads a clock. */
  @ParameterizedTest
  @EnumSource
  void needsNothingButTheLibraryAndFourFunctions(Library library) {
    var symbols =
        Program.run(Library.folder(), List.of("nm", object("gcc", library, List.of())))
            .expecting(0)
            .out();

    var needed =
        NEEDED
            .matcher(symbols)
            .results()
            .map(symbol -> symbol.group(1))
            .filter(symbol -> !symbol.startsWith("mbedtls_") && !symbol.startsWith("psa_"))
            .collect(Collectors.toSet());

    assertThat(needed).isSubsetOf("memchr", "memcmp", "memcpy", "strlen", "_GLOBAL_OFFSET_TABLE_");
    assertThat(symbols).doesNotContainPattern(" [BbDd] ");
  }

  /** Where it is installed; nothing else here needs it. */
  @ParameterizedTest
  @EnumSource
  void anotherCompilerTakesItToo(Library library) {
    var found = Program.runLine(Library.folder(), "command -v clang || command -v clang-14");
    assumeThat(found.exit()).as("clang is installed").isZero();

    object(found.out().strip(), library, List.of());
  }

  @Test
  void theHeaderIsOneOfCPlusPlusToo() throws IOException {
    Tool.need(Tool.GXX);
    var source = Library.folder().resolve("header.cpp");
    Files.writeString(source, "#include \"sallyport_command.h\"\n");

    Program.run(
            Library.folder(),
            List.of(
                "g++",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-pedantic",
                "-I" + Library.SOURCES,
                "-fsyntax-only",
                source.toString()))
        .expecting(0);
  }
}
