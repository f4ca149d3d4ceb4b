package io.sallyport.bench.server;

import io.sallyport.bench.load.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Debian's mosquitto with the same certificates and an ACL that says what our defaults say. */
public final class Mosquitto extends ServerProcess {
  public static final String NAME = "mosquitto";

  private static final int STARTUP_ATTEMPTS_MAX = 200;

  private Mosquitto(Process process, Target target) {
    super(NAME, process, target);
  }

  /** Where Debian or the path has it. */
  public static Optional<Path> executable() {
    var folders =
        Stream.concat(
            Stream.of("/usr/sbin", "/usr/local/sbin"),
            Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)));
    return folders.map(f -> Path.of(f, NAME)).filter(Files::isExecutable).findFirst();
  }

  /** What it calls itself, such as {@code mosquitto version 2.0.11}. */
  public static String version(Path executable) throws IOException {
    var process = new ProcessBuilder(executable.toString(), "-h").start();
    try (var lines = process.inputReader()) {
      return Optional.ofNullable(lines.readLine()).orElse(NAME);
    }
  }

  /** Starts it in the directory and waits until it accepts connections. */
  public static Mosquitto start(Path executable, Path directory, Fleet fleet, int rules)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    var port = freePort();
    write(directory, "acl", acl(fleet.backends(), rules));
    write(directory, "mosquitto.conf", configuration(directory, port, fleet.trust()));
    var target = new Target("localhost", port, directory.resolve("server-ca.crt"));
    issue(directory, target);
    return start(executable, directory, target);
  }

  /**
   * Starts one that is to stand behind a gateway: no rules, nobody else reaches it.
   *
   * @param isTls whether it speaks TLS, else plain TCP; the target says whom to trust
   */
  public static Mosquitto behind(Path executable, Path directory, boolean isTls)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    var port = freePort();
    write(directory, "mosquitto.conf", configuration(directory, port, isTls));
    var target = new Target("localhost", port, directory.resolve("server-ca.crt"));
    if (isTls) {
      issue(directory, target);
    }
    return start(executable, directory, target);
  }

  private static void issue(Path directory, Target target) throws IOException {
    var authority = TestAuthority.create(NAME);
    Files.writeString(target.trust(), authority.certificatePem());
    authority.issueServer(directory.resolve("server.crt"), directory.resolve("server.key"));
  }

  private static Mosquitto start(Path executable, Path directory, Target target)
      throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                executable.toString(), "-c", directory.resolve("mosquitto.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("mosquitto.log").toFile())
            .start();
    var started = new Mosquitto(process, target);
    started.awaitListening(directory);
    return started;
  }

  private static void write(Path directory, String name, List<String> lines) throws IOException {
    Files.write(directory.resolve(name), lines);
  }

  /** Limits are off or high, so that both servers do the same work; the rest is its default. */
  static List<String> configuration(Path directory, int port, Path clientCas) {
    return Stream.of(
            common(directory, port, "allow_anonymous false"),
            tls(directory),
            Stream.of(
                "acl_file " + directory.resolve("acl"),
                "cafile " + clientCas,
                "require_certificate true",
                "use_identity_as_username true"))
        .flatMap(lines -> lines)
        .toList();
  }

  private static List<String> configuration(Path directory, int port, boolean isTls) {
    var plain = common(directory, port, "allow_anonymous true");
    return Stream.concat(plain, isTls ? tls(directory) : Stream.empty()).toList();
  }

  private static Stream<String> tls(Path directory) {
    return Stream.of(
        "certfile " + directory.resolve("server.crt"),
        "keyfile " + directory.resolve("server.key"),
        "ciphers_tls1.3 TLS_AES_128_GCM_SHA256");
  }

  private static Stream<String> common(Path directory, int port, String whom) {
    return Stream.of(
        "per_listener_settings false",
        "user " + System.getProperty("user.name"),
        "log_dest stderr",
        "log_type error",
        "log_type warning",
        whom,
        "persistence true",
        "persistence_location " + directory + "/",
        "max_queued_messages 1000000",
        "max_inflight_messages 65535",
        "set_tcp_nodelay true",
        "listener " + port + " 127.0.0.1");
  }

  /** The meaning of {@code default-device} and {@code default-backend} in mosquitto's words. */
  static List<String> acl(List<String> backends, int rules) {
    var users =
        backends.stream()
            .flatMap(
                id ->
                    Stream.of(
                        "user " + id,
                        "topic read devices/#",
                        "topic read $aws/things/#",
                        "topic write devices/+/commands"));
    var own = "$aws/things/%u/";
    var devices =
        Stream.of(
            "pattern write devices/%u/telemetry",
            "pattern write devices/%u/events/#",
            "pattern read devices/%u/commands",
            "pattern read " + own + "#",
            "pattern write " + own + "shadow/get",
            "pattern write " + own + "shadow/update",
            "pattern write " + own + "shadow/delete",
            "pattern write " + own + "shadow/name/+/get",
            "pattern write " + own + "shadow/name/+/update",
            "pattern write " + own + "shadow/name/+/delete",
            "pattern write " + own + "jobs/get",
            "pattern write " + own + "jobs/start-next",
            "pattern write " + own + "jobs/+/get",
            "pattern write " + own + "jobs/+/update");
    var more =
        IntStream.range(0, rules).mapToObj(i -> "pattern write " + Fleet.Size.rule(i) + "%u/#");
    return Stream.of(users, devices, more).flatMap(lines -> lines).toList();
  }

  /** A port of this machine that nobody listens on now. */
  public static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitListening(Path directory) throws IOException, InterruptedException {
    for (var attempt = 0; attempt < STARTUP_ATTEMPTS_MAX && isAlive(); attempt++) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target().port()));
        return;
      } catch (IOException _) {
        Thread.sleep(25);
      }
    }
    var log = Files.readString(directory.resolve("mosquitto.log"));
    close();
    throw new IOException("mosquitto did not start: " + log.strip());
  }
}
