package io.sallyport.bench;

import io.sallyport.bench.server.Fleet;
import io.sallyport.bench.server.JavaBroker;
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

  /** Who takes part, and how they are started. */
  interface Entry {
    /** Their names, in the order of the table's columns: ours first. */
    List<String> names();

    /** Whom the goals were made for; it is enough to be ahead of the others. */
    default boolean isYardstick(String name) {
      return true;
    }

    /** Starts them all. */
    void enter(Contest contest) throws IOException, InterruptedException;
  }

  private Contest(WorkDirectory work) {
    this.work = work;
  }

  /** Starts Sallyport and the peers that are wanted and here, all with one fleet's size. */
  static Entry usual(BenchOptions options, Fleet.Size size, String configuration) {
    return new Entry() {
      @Override
      public List<String> names() {
        return Contest.names(options);
      }

      @Override
      public boolean isYardstick(String name) {
        return name.equals(Mosquitto.NAME);
      }

      @Override
      public void enter(Contest contest) throws IOException, InterruptedException {
        contest.start(options, size, configuration);
      }
    };
  }

  /** Starts all that take part, or none. */
  static Contest open(Entry entry) throws IOException, InterruptedException {
    var contest = new Contest(WorkDirectory.create());
    try {
      entry.enter(contest);
      return contest;
    } catch (IOException | InterruptedException | RuntimeException e) {
      contest.close();
      throw e;
    }
  }

  /** Starts Sallyport with a configuration and enrols a fleet at it. */
  Contestant enrol(BenchOptions options, Fleet.Size size, String configuration)
      throws IOException, InterruptedException {
    var how = new Sallyport.Start(options.launcher(), configuration, options.recording());
    var sallyport = Sallyport.start(how, folder(Sallyport.NAME));
    // Known before the fleet is enrolled, so that it is ended if that fails.
    contestants.add(
        new Contestant(sallyport, new Fleet(folder("none"), folder("none"), List.of(), List.of())));
    var known = new Contestant(sallyport, sallyport.enrol(folder("fleet"), size));
    contestants.set(contestants.size() - 1, known);
    return known;
  }

  /** Another one, which the end of the contest closes. */
  void add(Contestant contestant) {
    contestants.add(contestant);
  }

  /** Takes the last one's place, as a whole of which that is a part. */
  void replaceLast(Contestant contestant) {
    contestants.set(contestants.size() - 1, contestant);
  }

  private void start(BenchOptions options, Fleet.Size size, String configuration)
      throws IOException, InterruptedException {
    @Nullable Fleet enrolled = null;
    if (!options.withoutSallyport()) {
      enrolled = enrol(options, size, configuration).fleet();
    }
    var peers = peers(options);
    if (!peers.isEmpty()) {
      var fleet =
          enrolled != null && options.sameCertificates()
              ? enrolled
              : Fleet.selfMade(folder("fleet-of-the-peers"), size);
      for (var peer : peers) {
        contestants.add(new Contestant(start(peer, options, fleet, size), fleet));
      }
    }
  }

  private ServerUnderTest start(
      BenchOptions.Peer peer, BenchOptions options, Fleet fleet, Fleet.Size size)
      throws IOException, InterruptedException {
    var folder = folder(peer.label());
    return switch (peer) {
      case MOSQUITTO ->
          Mosquitto.start(Mosquitto.executable().orElseThrow(), folder, fleet, size.rules());
      case HIVEMQ -> JavaBroker.HIVEMQ.start(options.brokers(), folder, fleet, size.rules());
      case ARTEMIS -> JavaBroker.ARTEMIS.start(options.brokers(), folder, fleet, size.rules());
      case NONE -> throw new IllegalArgumentException("nobody to start");
    };
  }

  Path folder(String name) {
    return work.path().resolve(name);
  }

  /** Whom to compare with, of those that are here. */
  static List<BenchOptions.Peer> peers(BenchOptions options) {
    return options.against().stream()
        .filter(peer -> peer != BenchOptions.Peer.MOSQUITTO || Mosquitto.executable().isPresent())
        .toList();
  }

  /** Their names, in the order of the table's columns. */
  private static List<String> names(BenchOptions options) {
    var names = new ArrayList<String>();
    if (!options.withoutSallyport()) {
      names.add(Sallyport.NAME);
    }
    peers(options).forEach(peer -> names.add(peer.label()));
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
