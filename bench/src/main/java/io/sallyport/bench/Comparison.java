package io.sallyport.bench;

import io.sallyport.bench.BenchOptions.Peer;
import io.sallyport.bench.flame.Flames;
import io.sallyport.bench.server.Fleet;
import io.sallyport.bench.server.Mosquitto;
import io.sallyport.bench.server.Observer;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Measures all cases on all servers in interleaved rounds, so that both suffer the same noise. */
final class Comparison {
  /** Whether the servers live through all rounds, or each round begins with new ones. */
  enum Servers {
    KEPT,
    NEW_EACH_ROUND
  }

  private final BenchOptions options;
  private final PrintStream out;
  private final PrintStream progress;
  private final Optional<Flames> flames;

  Comparison(BenchOptions options) {
    this.options = options;
    this.out = System.out;
    this.progress = System.err;
    this.flames = options.flames();
  }

  /** Runs everything with the usual servers and prints the table or the facts. */
  Report run(List<Case> all, Fleet.Size size, String configuration, Servers servers)
      throws Exception {
    announce();
    return run(all, Contest.usual(options, size, configuration), servers);
  }

  /** Runs everything with these servers and prints the table or the facts. */
  Report run(List<Case> all, Contest.Entry entry, Servers servers) throws Exception {
    var cases = all.stream().filter(options::wants).toList();
    var report = new Report(entry.names(), entry::isYardstick);
    switch (servers) {
      case KEPT -> {
        try (var contest = Contest.open(entry)) {
          // The first round is not counted: a JVM is still compiling what it will run.
          var warmUp = new Report(entry.names(), entry::isYardstick);
          rounds(cases, contest, warmUp, "warm-up", 1, _ -> Observer.NONE);
          rounds(cases, contest, report, "round", options.rounds(), this::observer);
        }
      }
      case NEW_EACH_ROUND -> {
        for (var round = 0; round < options.rounds(); round++) {
          try (var contest = Contest.open(entry)) {
            var what = "servers " + (round + 1) + ", round";
            rounds(cases, contest, report, what, 1, this::observer);
          }
        }
      }
    }
    print(report);
    if (flames.isPresent()) {
      flames.get().write().forEach(file -> progress.println("wrote " + file));
    }
    return report;
  }

  private Observer observer(Case one) {
    return flames.map(made -> made.of(one.name())).orElse(Observer.NONE);
  }

  private void rounds(
      List<Case> cases,
      Contest contest,
      Report report,
      String what,
      int rounds,
      Function<Case, Observer> observers)
      throws Exception {
    for (var round = 1; round <= rounds; round++) {
      for (var one : cases) {
        for (var contestant : contest.contestants()) {
          progress.printf(
              "%s %d of %d: %s, %s%n", what, round, rounds, one.name(), contestant.server().name());
          contestant.server().observeWith(observers.apply(one));
          report.add(one, contestant.server().name(), one.measurement().on(contestant));
        }
      }
    }
  }

  private void announce() throws Exception {
    if (options.against().contains(Peer.MOSQUITTO) && Mosquitto.executable().isEmpty()) {
      progress.println("mosquitto is not installed: it takes no part");
    }
    var peers = new ArrayList<String>();
    for (var peer : Contest.peers(options)) {
      peers.add(
          peer == Peer.MOSQUITTO
              ? Mosquitto.version(Mosquitto.executable().orElseThrow())
              : peer.label());
    }
    progress.println("comparing with " + (peers.isEmpty() ? "nothing" : String.join(", ", peers)));
  }

  private void print(Report report) {
    if (options.json()) {
      var json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
      out.println(json.writeValueAsString(report.facts()));
    } else {
      out.print(report.table());
    }
  }
}
