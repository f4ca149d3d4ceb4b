package io.sallyport.bench.server;

import io.sallyport.bench.load.Target;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Apache Artemis, as the module {@code brokers} starts it. */
public final class Artemis implements ServerUnderTest {
  public static final String NAME = "artemis";

  private static final int STARTUP_ATTEMPTS_MAX = 1_200;
  private static final int STARTUP_STEP_MILLIS = 50;

  private final Process process;
  private final Target target;

  private Artemis(Process process, Target target) {
    this.process = process;
    this.target = target;
  }

  /**
   * Starts it with mutual TLS and rules of its own.
   *
   * @param built what the build of the module {@code brokers} left
   */
  public static Artemis start(Path built, Path directory, Fleet fleet)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    var authority = TestAuthority.create(NAME);
    var target = new Target("localhost", Mosquitto.freePort(), directory.resolve("server-ca.crt"));
    Files.writeString(target.trust(), authority.certificatePem());
    var certificate = directory.resolve("server.crt");
    var key = directory.resolve("server.key");
    authority.issueServer(certificate, key);
    Files.writeString(
        directory.resolve("server.pem"), Files.readString(key) + Files.readString(certificate));
    Files.copy(fleet.trust(), directory.resolve("clients.crt"));
    return start(built, directory, target, "tls=" + directory);
  }

  /** Starts one that is to stand behind a gateway, which has the password. */
  public static Artemis behind(Path built, Path directory, String password)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    var target = new Target("localhost", Mosquitto.freePort(), directory);
    return start(built, directory, target, "password=" + password);
  }

  private static Artemis start(Path built, Path directory, Target target, String how)
      throws IOException, InterruptedException {
    var classes = built.toAbsolutePath().resolve("classes");
    if (!Files.isDirectory(classes)) {
      throw new IOException("the module brokers is not built: " + classes);
    }
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-Xms256m",
                "-Xmx1g",
                "-Dlogback.configurationFile=brokers-logback.xml",
                "-cp",
                classes + File.pathSeparator + classes.resolveSibling("lib").resolve("*"),
                "io.sallyport.brokers.ArtemisBroker"));
    command.addAll(List.of("folder=" + directory, "port=" + target.port(), how));
    var log = directory.resolve("artemis.log");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    for (var attempt = 0; attempt < STARTUP_ATTEMPTS_MAX && process.isAlive(); attempt++) {
      if (Files.readString(log).contains("ready")) {
        return new Artemis(process, target);
      }
      Thread.sleep(STARTUP_STEP_MILLIS);
    }
    Ending.end(process);
    throw new IOException("artemis did not start: " + Files.readString(log).strip());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public ProcStat process() {
    return new ProcStat(process.pid());
  }

  @Override
  public void close() {
    Ending.end(process);
  }
}
