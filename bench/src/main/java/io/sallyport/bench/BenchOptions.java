package io.sallyport.bench;

import io.sallyport.bench.flame.Flames;
import java.nio.file.Path;
import java.time.Duration;
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
    NONE
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
      paramLabel = "mosquitto|none",
      description = "What to compare with (default: ${DEFAULT-VALUE}).")
  private Peer against = Peer.MOSQUITTO;

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

  Peer against() {
    return against;
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
