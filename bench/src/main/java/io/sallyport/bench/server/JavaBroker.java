package io.sallyport.bench.server;

import io.sallyport.bench.load.Target;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Brokers of others on the JVM, as the module {@code brokers} starts them. */
public enum JavaBroker {
  ARTEMIS("ArtemisBroker"),
  HIVEMQ("HiveMqBroker");

  private static final int STARTUP_ATTEMPTS_MAX = 1_200;
  private static final int STARTUP_STEP_MILLIS = 50;

  private final String program;

  JavaBroker(String program) {
    this.program = program;
  }

  /** How the tables call it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Starts it with mutual TLS and the rules that mosquitto has.
   *
   * @param built what the build of the module {@code brokers} left
   */
  public ServerUnderTest start(Path built, Path directory, Fleet fleet, int rules)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    var authority = TestAuthority.create(label());
    var target = new Target("localhost", Mosquitto.freePort(), directory.resolve("server-ca.crt"));
    Files.writeString(target.trust(), authority.certificatePem());
    var certificate = directory.resolve("server.crt");
    var key = directory.resolve("server.key");
    authority.issueServer(certificate, key);
    Files.writeString(
        directory.resolve("server.pem"), Files.readString(key) + Files.readString(certificate));
    Files.copy(fleet.trust(), directory.resolve("clients.crt"));
    Files.write(directory.resolve("acl"), Mosquitto.acl(fleet.backends(), rules));
    return start(built, directory, target, "tls=" + directory);
  }

  /** Starts one that is to stand behind a gateway, which has the password. */
  public ServerUnderTest behind(Path built, Path directory, String password)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    var target = new Target("localhost", Mosquitto.freePort(), directory);
    return start(built, directory, target, "password=" + password);
  }

  private ServerUnderTest start(Path built, Path directory, Target target, String how)
      throws IOException, InterruptedException {
    var log = directory.resolve("broker.log");
    var process =
        new ProcessBuilder(command(built, directory, target, how))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    for (var attempt = 0; attempt < STARTUP_ATTEMPTS_MAX && process.isAlive(); attempt++) {
      if (Files.readString(log).contains("ready")) {
        return new Running(label(), process, target);
      }
      Thread.sleep(STARTUP_STEP_MILLIS);
    }
    Ending.end(process);
    throw new IOException(label() + " did not start: " + Files.readString(log).strip());
  }

  private List<String> command(Path built, Path directory, Target target, String how)
      throws IOException {
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
                "io.sallyport.brokers." + program));
    command.addAll(List.of("folder=" + directory, "port=" + target.port(), how));
    return command;
  }

  private static final class Running extends ServerProcess {
    Running(String name, Process process, Target target) {
      super(name, process, target);
    }
  }
}
