package io.sallyport.bench;

import io.sallyport.bench.server.Fleet;
import io.sallyport.bench.server.Mosquitto;
import io.sallyport.bench.server.Sallyport;
import io.sallyport.bench.server.ServerUnderTest;
import io.sallyport.bench.server.WorkDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The servers of one comparison, all running, each with a fleet that it knows. */
final class Contest implements AutoCloseable {
  /** A running server and the identities that it accepts. */
  record Contestant(ServerUnderTest server, Fleet fleet) {}

  private final WorkDirectory work;
  private final List<Contestant> contestants = new ArrayList<>();

  private Contest(WorkDirectory work) {
    this.work = work;
  }

  /**
   * Starts Sallyport, enrols the fleet at it, and starts the peer if it is wanted and installed.
   */
  static Contest open(BenchOptions options, Fleet.Size size, String configuration)
      throws IOException, InterruptedException {
    var contest = new Contest(WorkDirectory.create());
    try {
      contest.start(options, size, configuration);
      return contest;
    } catch (IOException | InterruptedException | RuntimeException e) {
      contest.close();
      throw e;
    }
  }

  private void start(BenchOptions options, Fleet.Size size, String configuration)
      throws IOException, InterruptedException {
    @Nullable Fleet enrolled = null;
    if (!options.withoutSallyport()) {
      var how = new Sallyport.Start(options.launcher(), configuration, options.recording());
      var sallyport = Sallyport.start(how, folder(Sallyport.NAME));
      // Known before the fleet is enrolled, so that it is ended if that fails.
      contestants.add(
          new Contestant(
              sallyport, new Fleet(folder("none"), folder("none"), List.of(), List.of())));
      enrolled = sallyport.enrol(folder("fleet"), size);
      contestants.set(0, new Contestant(sallyport, enrolled));
    }
    if (peer(options)) {
      var fleet =
          enrolled != null && options.sameCertificates()
              ? enrolled
              : Fleet.selfMade(folder("fleet-of-mosquitto"), size);
      var executable = Mosquitto.executable().orElseThrow();
      contestants.add(
          new Contestant(
              Mosquitto.start(executable, folder(Mosquitto.NAME), fleet, size.rules()), fleet));
    }
  }

  private Path folder(String name) {
    return work.path().resolve(name);
  }

  /** Whether there is somebody to compare with. */
  static boolean peer(BenchOptions options) {
    return options.against() == BenchOptions.Peer.MOSQUITTO && Mosquitto.executable().isPresent();
  }

  /** Their names, in the order of the table's columns. */
  static List<String> names(BenchOptions options) {
    var names = new ArrayList<String>();
    if (!options.withoutSallyport()) {
      names.add(Sallyport.NAME);
    }
    if (peer(options)) {
      names.add(Mosquitto.NAME);
    }
    return names;
  }

  List<Contestant> contestants() {
    return List.copyOf(contestants);
  }

  @Override
  public void close() {
    contestants.forEach(contestant -> contestant.server().close());
    work.close();
  }
}
