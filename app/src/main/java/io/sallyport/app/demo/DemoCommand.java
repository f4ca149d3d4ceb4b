package io.sallyport.app.demo;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.MqttKeys;
import io.sallyport.app.configuration.ServerKeys;
import io.sallyport.app.installation.DataDirectory;
import io.sallyport.app.node.Node;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Surroundings;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sallyport demo}: everything embedded, in a folder that goes when the demo ends. */
@Command(
    name = "demo",
    description =
        "A guided tour on an embedded fleet: enrol, talk, attack, revoke; each line is measured.",
    footer = {"", "Example: sallyport demo --once"})
public final class DemoCommand implements Callable<Integer> {
  private final Machine machine;
  private final Surroundings surroundings;

  @Option(names = "--once", description = "End by itself; exit code 0 only if every step held.")
  private boolean once;

  @Option(
      names = "--mqtt-port",
      paramLabel = "PORT",
      description = "MQTT over mutual TLS (default: 0, any free port).")
  private int mqttPort;

  public DemoCommand(Machine machine, Surroundings surroundings) {
    this.machine = machine;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (mqttPort < 0 || mqttPort > 65_535) {
      throw Failure.badInput("--mqtt-port must be 0 to 65535, not " + mqttPort);
    }
    var folder = Files.createTempDirectory("sallyport-demo-");
    var ended = new CountDownLatch(1);
    var demo = new Running(folder, ended);
    Runtime.getRuntime().addShutdownHook(new Thread(demo::end, "demo-end"));
    var held = demo.tour();
    if (!once && held) {
      surroundings.terminal().note("The fleet stays up; end it with Ctrl-C.");
      ended.await();
    }
    demo.end();
    return held ? 0 : 1;
  }

  /** The node and its folder; ended once, whoever asks first. */
  private final class Running {
    private final Path folder;
    private final CountDownLatch ended;
    private @Nullable Node node;

    Running(Path folder, CountDownLatch ended) {
      this.folder = folder;
      this.ended = ended;
    }

    boolean tour() throws IOException, InterruptedException {
      var configuration =
          Configuration.defaults()
              .with(MqttKeys.MQTT_HOST, "127.0.0.1")
              .with(MqttKeys.MQTT_PORT, mqttPort)
              .with(ServerKeys.HTTPS_PORT, 0);
      var data = folder.resolve("data");
      var started = Node.start(new DataDirectory(data), configuration, machine);
      synchronized (this) {
        node = started;
      }
      return new Tour(machine, surroundings, folder, started.mqttPort()).run();
    }

    synchronized void end() {
      if (node != null) {
        node.close();
        node = null;
      }
      try {
        delete(folder);
      } catch (IOException e) {
        surroundings.terminal().note(folder + " could not be removed: " + e.getMessage());
      }
      ended.countDown();
    }

    private static void delete(Path folder) throws IOException {
      if (!Files.exists(folder)) {
        return;
      }
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                throws IOException {
              Files.delete(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    }
  }
}
