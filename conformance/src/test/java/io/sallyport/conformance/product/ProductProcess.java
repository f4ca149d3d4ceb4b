package io.sallyport.conformance.product;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The product in a process of its own, over a data directory that outlives it. */
public final class ProductProcess implements AutoCloseable {
  /** A folder of jars to run instead of the classes on the test's class path. */
  private static final String PACKAGED = "sallyport.lib";

  private static final long KIB = 1024;

  private static final String MAIN = "io.sallyport.app.Main";

  /** Bound: a machine that builds at the same time starts slowly; alone it is two seconds. */
  private static final Duration START_MAX = Duration.ofSeconds(60);

  private static final Pattern READY =
      Pattern.compile("^ready .*?mqtt=(\\d+).*?https=(\\d+)", Pattern.MULTILINE);

  private final Path data;
  private final Path home;
  private final List<String> host;
  private final List<String> options;
  private Program server;

  private ProductProcess(List<String> host, Path data, List<String> options) {
    this.host = host;
    this.data = data;
    home = Objects.requireNonNull(data.toAbsolutePath().getParent(), "a folder to run in");
    this.options = options;
    server = boot();
  }

  /** Starts {@code sallyport up} on free ports and waits until it takes connections. */
  public static ProductProcess start(Path data, String... options) {
    return new ProductProcess(List.of(), data, List.of(options));
  }

  /**
   * Starts it on another host.
   *
   * @param host what runs a command there, such as {@code ip netns exec NAME}
   */
  public static ProductProcess startOn(List<String> host, Path data, String... options) {
    return new ProductProcess(host, data, List.of(options));
  }

  public int mqttPort() {
    return port(match -> Integer.parseInt(match.group(1)));
  }

  public int httpsPort() {
    return port(match -> Integer.parseInt(match.group(2)));
  }

  public Path data() {
    return data;
  }

  /** Most memory of the machine that its process has held so far, in MiB. */
  public long residentMib() {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(server.pid()), "status"))) {
      return lines
              .filter(line -> line.startsWith("VmHWM:"))
              .map(line -> line.replaceAll("\\D", ""))
              .mapToLong(Long::parseLong)
              .findFirst()
              .orElseThrow()
          / KIB;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the server has written so far, for assertions on what it must not say. */
  public String said() {
    return server.out() + server.err();
  }

  /** Runs one command of the operator against this data directory. */
  public Ran cli(String... arguments) {
    return cliOn(data, arguments);
  }

  /** One against this data directory that goes on by itself, so that it can be killed. */
  public Program startCli(String... arguments) {
    var command = new ArrayList<String>(List.of(arguments));
    command.addAll(List.of("--data", data.toString()));
    return Program.start(home, there(java(List.of("-XX:TieredStopAtLevel=1"), command)));
  }

  /** One that works on no data directory and goes on by itself, as an agent on its device. */
  public Program startCliWithoutData(String... arguments) {
    return Program.start(
        home, there(java(List.of("-XX:TieredStopAtLevel=1", "-Xmx96m"), List.of(arguments))));
  }

  /** One that works on no data directory, as on a machine that is off line. */
  public Ran cliWithoutData(String... arguments) {
    return Program.run(home, there(java(List.of("-XX:TieredStopAtLevel=1"), List.of(arguments))));
  }

  /** The same against another data directory. */
  public Ran cliOn(Path directory, String... arguments) {
    var command = new ArrayList<String>(List.of(arguments));
    command.addAll(List.of("--data", directory.toString()));
    return Program.run(home, there(java(List.of("-XX:TieredStopAtLevel=1"), command)))
        .beside(server.err());
  }

  /** Pulls the plug: SIGKILL, with whatever was on its way. */
  public void kill() {
    server.kill();
  }

  /** Starts it again over the same data, on the same MQTT port, so that devices find it. */
  public void restart() {
    var port = mqttPort();
    if (server.isRunning()) {
      stop();
    }
    server = boot("--mqtt-port", Integer.toString(port));
  }

  /** Sends its process a signal, such as {@code HUP}. */
  public void signal(String name) {
    Program.run(home, List.of("kill", "-" + name, Long.toString(server.pid()))).expecting(0);
  }

  /** Waits for its end. */
  public Ran ended() {
    return server.ended();
  }

  /** Asks it to end and waits for it. */
  public Ran stop() {
    server.terminate();
    return server.ended();
  }

  @Override
  public void close() {
    server.close();
  }

  private Program boot(String... more) {
    var command = new ArrayList<>(List.of("up", "--data", data.toString()));
    if (more.length == 0) {
      command.addAll(List.of("--mqtt-port", "0"));
    }
    command.addAll(List.of(more));
    command.addAll(List.of("--https-port", "0"));
    command.addAll(options);
    var started =
        Program.start(home, there(java(List.of("-XX:+UseSerialGC", "-Xmx512m"), command)));
    started.endInput();
    Patience.until(
        "a line beginning 'ready ' from " + started,
        START_MAX,
        () -> {
          if (!started.isRunning()) {
            throw new AssertionError("the product ended: " + started.ended());
          }
          return READY.matcher(started.out()).find();
        });
    return started;
  }

  private List<String> there(List<String> command) {
    var whole = new ArrayList<>(host);
    whole.addAll(command);
    return whole;
  }

  private int port(ToIntFunction<java.util.regex.Matcher> which) {
    var match = READY.matcher(server.out());
    if (!match.find()) {
      throw new AssertionError("no ports were announced: " + server);
    }
    return which.applyAsInt(match);
  }

  private static List<String> java(List<String> options, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseCompactObjectHeaders"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), MAIN));
    command.addAll(arguments);
    return command;
  }

  /** The packaged jars if there are some, else the test's class path without the tests. */
  private static String classPath() {
    var packaged = System.getProperty(PACKAGED);
    if (packaged != null) {
      return Path.of(packaged, "*").toString();
    }
    var whole =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Stream.of(whole.split(File.pathSeparator, -1))
        .filter(entry -> !entry.contains("test-classes") && !entry.contains("src/test"))
        .reduce((left, right) -> left + File.pathSeparator + right)
        .orElseThrow();
  }
}
