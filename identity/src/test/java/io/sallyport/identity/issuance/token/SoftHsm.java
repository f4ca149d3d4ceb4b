package io.sallyport.identity.issuance.token;

import io.sallyport.identity.issuance.KeyHome.Use;
import io.sallyport.identity.issuance.Passphrase;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A token of SoftHSM in a folder: moved away, it is pulled out. */
final class SoftHsm {
  static final String PIN = "4711";
  private static final String REQUIRED = "SALLYPORT_REQUIRE_TOOLS";

  private final Path folder;
  final Path library;
  final AtomicLong nanos = new AtomicLong();

  SoftHsm(Path folder) throws Exception {
    this.folder = folder;
    library =
        Stream.of("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so")
            .map(Path::of)
            .filter(Files::exists)
            .findFirst()
            .orElseGet(SoftHsm::missing);
    Files.createDirectory(folder.resolve("tokens"));
    Files.writeString(
        folder.resolve("softhsm2.conf"),
        "directories.tokendir = " + folder.resolve("tokens") + "\nlog.level = ERROR\n");
    setEnvironment("SOFTHSM2_CONF", folder.resolve("softhsm2.conf").toString());
    run(
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        "test",
        "--so-pin",
        "12345678",
        "--pin",
        PIN);
  }

  private static Path missing() {
    if (System.getenv(REQUIRED) != null) {
      throw new AssertionError("softhsm2 is required here but not installed");
    }
    System.err.println("NOT TESTED: softhsm2 is not installed");
    return Assumptions.abort("softhsm2 is not installed");
  }

  Token open() {
    return open(PIN);
  }

  Token open(String pin) {
    return Token.open(settings("test"), () -> secret(pin), InstantSource.system(), nanos::get);
  }

  static Passphrase secret(String pin) {
    return Passphrase.of(pin.getBytes(StandardCharsets.US_ASCII));
  }

  TokenSettings settings(String token) {
    var labels = new EnumMap<Use, String>(Use.class);
    for (var use : Use.values()) {
      labels.put(use, use.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    }
    return new TokenSettings(library, token, Map.copyOf(labels));
  }

  /** The slot is empty from now on. */
  void pullOut() throws IOException {
    moveAll(folder.resolve("tokens"), Files.createDirectories(folder.resolve("away")));
  }

  void putBack() throws IOException {
    moveAll(folder.resolve("away"), folder.resolve("tokens"));
  }

  private static void moveAll(Path from, Path to) throws IOException {
    try (var inside = Files.list(from)) {
      for (var one : inside.toList()) {
        Files.move(one, to.resolve(one.getFileName()));
      }
    }
  }

  String run(String... command) throws Exception {
    var builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
    builder.environment().put("SOFTHSM2_CONF", folder.resolve("softhsm2.conf").toString());
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(List.of(command) + ": " + said);
    }
    return said;
  }

  /** The library reads its configuration from the environment of the process. */
  @SuppressWarnings("restricted")
  private static void setEnvironment(String name, String value) throws Exception {
    var linker = Linker.nativeLinker();
    var set =
        linker.downcallHandle(
            linker.defaultLookup().find("setenv").orElseThrow(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (var arena = Arena.ofConfined()) {
      var _ = set.invokeWithArguments(arena.allocateFrom(name), arena.allocateFrom(value), 1);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
