package io.sallyport.conformance.upstream;

import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A program of the module {@code brokers}: killed without mercy, started again over its files. */
final class BrokerProcess implements AutoCloseable {
  /** What the module's build leaves: classes and the jars that they run with. */
  private static final String BUILT = "sallyport.brokers";

  private static final Duration START_MAX = Duration.ofSeconds(90);

  private final Path folder;
  private final List<String> command;
  private final int port;
  private Program program;

  /** Starts it over a folder of its own and waits until it listens, or stands by. */
  BrokerProcess(String main, Path folder, int port, List<String> arguments) {
    this.folder = folder;
    this.port = port;
    this.command = command(main);
    command.addAll(List.of("folder=" + folder, "port=" + port));
    command.addAll(arguments);
    program = boot();
  }

  private static List<String> command(String main) {
    var built = Path.of(System.getProperty(BUILT, "../brokers/target")).toAbsolutePath();
    var classes = built.resolve("classes");
    Tool.need("the module brokers", Files.isDirectory(classes));
    var classPath = classes + File.pathSeparator + built.resolve("lib").resolve("*");
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xmx384m",
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=brokers-logback.xml",
            "-cp",
            classPath,
            "io.sallyport.brokers." + main));
  }

  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  /** SIGKILL. */
  void kill() {
    program.kill();
  }

  void startAgain() {
    program = boot();
  }

  @Override
  public void close() {
    program.close();
  }

  private Program boot() {
    var started = Program.start(folder, command);
    started.endInput();
    Patience.until(
        "a broker that is ready: " + started,
        START_MAX,
        () -> {
          if (!started.isRunning()) {
            throw new AssertionError("the broker ended: " + started.ended());
          }
          return started.out().contains("ready");
        });
    return started;
  }
}
