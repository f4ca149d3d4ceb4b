package io.sallyport.bench;

import io.sallyport.bench.flame.Flames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every measurement can be told. */
final class BenchOptions {
  /** Whom to compare with. */
  enum Peer {
    MOSQUITTO,
    HIVEMQ,
    ARTEMIS,
    NONE;

    /** How the tables call it. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--rounds",
      defaultValue = "3",
      paramLabel = "N",
      description = "Measured rounds, interleaved; medians are shown (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      paramLabel = "N",
      description = "Length of a measured window (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--against",
      defaultValue = "mosquitto",
      split = ",",
      paramLabel = "mosquitto|hivemq|artemis|none",
      description =
          "What to compare with, several in one run if separated by commas (default:"
              + " ${DEFAULT-VALUE}).")
  private List<Peer> against = List.of(Peer.MOSQUITTO);

  @Option(
      names = "--brokers",
      defaultValue = "brokers/target",
      paramLabel = "DIR",
      description =
          "Where the module brokers is built, for HiveMQ CE and Artemis (default:"
              + " ${DEFAULT-VALUE}).")
  private Path brokers = Path.of("");

  @Option(names = "--json", description = "Print facts for programs, with every sample.")
  private boolean json;

  @Option(
      names = "--only",
      defaultValue = "",
      paramLabel = "REGEX",
      description = "Measure only the cases whose name contains a match.")
  private Pattern only = Pattern.compile("");

  @Option(
      names = "--same-certificates",
      description =
          "Have mosquitto verify Sallyport's chain of two; by default its clients have a chain of"
              + " one, the cheapest for it.")
  private boolean sameCertificates;

  @Option(
      names = "--without-sallyport",
      description = "Measure the peer alone, to check the load generator.")
  private boolean withoutSallyport;

  @Option(
      names = "--record",
      paramLabel = "FILE.jfr",
      description = "Write a flight recording of Sallyport.")
  private @Nullable Path recording;

  @Option(
      names = "--flame",
      paramLabel = "DIR",
      description =
          "Write a flame graph of Sallyport for each case; its figures then include the recorder's"
              + " cost.")
  private @Nullable Path flames;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--launcher",
      paramLabel = "FILE",
      defaultValue = "${sys:sallyport.launcher:-./sallyport}",
      description = "The script that starts Sallyport (default: the one you used).")
  private Path launcher = Path.of("");

  int rounds() {
    return rounds;
  }

  Duration window() {
    return Duration.ofSeconds(seconds);
  }

  /** Long enough for the generator's own JVM and for queues to settle. */
  Duration warmUp() {
    return Duration.ofSeconds(2);
  }

  /** Whom to compare with, each once. */
  List<Peer> against() {
    return against.stream().distinct().filter(peer -> peer != Peer.NONE).toList();
  }

  /** What the build of the module {@code brokers} left. */
  Path brokers() {
    return brokers;
  }

  boolean json() {
    return json;
  }

  boolean wants(Case one) {
    return only.matcher(one.name()).find();
  }

  boolean sameCertificates() {
    return sameCertificates;
  }

  boolean withoutSallyport() {
    return withoutSallyport;
  }

  @Nullable Path recording() {
    return recording;
  }

  /** The flame graphs to be made, if they are wanted. */
  Optional<Flames> flames() {
    return Optional.ofNullable(flames).map(directory -> new Flames(directory, benchmark()));
  }

  private String benchmark() {
    return command == null ? "" : command.name();
  }

  Path launcher() {
    return launcher;
  }
}
