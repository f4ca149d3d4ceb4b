package io.sallyport.conformance.product;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A program of the machine that a test compares with or drives, and that may not be there. */
public enum Tool {
  ARM_GCC("arm-none-eabi-gcc"),
  CURL("curl"),
  GCC("gcc"),
  GXX("g++"),
  IP("ip"),
  MOSQUITTO("mosquitto"),
  MOSQUITTO_PUB("mosquitto_pub"),
  MOSQUITTO_SUB("mosquitto_sub"),
  OPENSSL("openssl"),
  STDBUF("stdbuf"),
  NFT("nft"),
  TESTSSL("testssl"),
  CERTTOOL("certtool"),
  GNUTLS_CLI("gnutls-cli"),
  PEBBLE("pebble"),
  PEBBLE_DNS("pebble-challtestsrv"),
  PKCS11_TOOL("pkcs11-tool"),
  SOFTHSM2_UTIL("softhsm2-util");

  /** Set to 1 where the tools are installed on purpose, so that no test can be lost unnoticed. */
  private static final String REQUIRED = "SALLYPORT_REQUIRE_TOOLS";

  private final String program;

  Tool(String program) {
    this.program = program;
  }

  /** Goes on only if all are there. */
  public static void need(Tool... tools) {
    for (var tool : tools) {
      need(tool.program, tool.find().isPresent());
    }
  }

  /** Goes on only if it is there; says aloud that it is not, and fails where it must be. */
  @SuppressWarnings("SystemOut") // Skipped aloud: a log level must not hide it.
  public static void need(String what, boolean isThere) {
    if (isThere) {
      return;
    }
    var line = what + " is not installed: its tests are skipped";
    System.err.println("SKIPPED " + line);
    if ("1".equals(System.getenv(REQUIRED))) {
      throw new AssertionError(line + ", but " + REQUIRED + "=1 asks for it");
    }
    Assumptions.abort(line);
  }

  /** Where it is installed. */
  public Path path() {
    return find().orElseThrow(() -> new AssertionError(program + " is not installed"));
  }

  private Optional<Path> find() {
    var folders = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    return Stream.of(folders.split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder).resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
