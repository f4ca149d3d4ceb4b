package io.sallyport.exchange.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Debian's mosquitto in a process of its own, that can be killed and comes back on its port. */
final class RealBroker implements AutoCloseable {
  private static final int STEPS_MAX = 400;

  private final Path folder;
  private final int port;
  private final List<String> lines;
  private Process process;

  private RealBroker(Path folder, int port, List<String> lines) {
    this.folder = folder;
    this.port = port;
    this.lines = lines;
    this.process = boot();
  }

  /** Without TLS, keeping what it has in a file that every change is written to. */
  static RealBroker start(Path folder, String... more) {
    int port = freePort();
    var lines =
        Stream.concat(
                Stream.of(
                    "per_listener_settings false",
                    "user " + System.getProperty("user.name"),
                    "log_type all",
                    "allow_anonymous true",
                    "persistence true",
                    "persistence_location " + folder + "/",
                    "listener " + port + " 127.0.0.1"),
                Stream.of(more))
            .toList();
    return new RealBroker(folder, port, lines);
  }

  int port() {
    return port;
  }

  String address() {
    return "tcp://127.0.0.1:" + port;
  }

  String log() {
    try {
      return Files.readString(folder.resolve("mosquitto.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has it write to its file all that it has acknowledged, which it does every half hour else. */
  void saves() throws IOException, InterruptedException {
    // It writes a file beside this one, syncs it and renames it: only the rename says that all is
    // there.
    var kept = folder.resolve("mosquitto.db");
    Files.deleteIfExists(kept);
    new ProcessBuilder("kill", "-USR1", Long.toString(process.pid())).start().waitFor();
    for (int step = 0; step < STEPS_MAX && !Files.exists(kept); step++) {
      Thread.sleep(10);
    }
    if (!Files.exists(kept)) {
      throw new AssertionError("mosquitto did not save: " + log());
    }
  }

  void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void restart() {
    kill();
    process = boot();
  }

  @Override
  public void close() {
    kill();
  }

  private Process boot() {
    var executable = Path.of("/usr/sbin/mosquitto");
    if (!Files.isExecutable(executable)) {
      Assumptions.abort("mosquitto is not installed");
    }
    try {
      var conf = Files.write(folder.resolve("mosquitto-" + port + ".conf"), lines);
      var started =
          new ProcessBuilder(executable.toString(), "-c", conf.toString())
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("mosquitto.log").toFile()))
              .start();
      for (int step = 0; step < STEPS_MAX && started.isAlive(); step++) {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
          return started;
        } catch (IOException _) {
          Thread.sleep(10);
        }
      }
      throw new AssertionError("mosquitto did not start: " + log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
