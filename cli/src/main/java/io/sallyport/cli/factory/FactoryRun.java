package io.sallyport.cli.factory;

import io.sallyport.cli.enrolment.FleetFile.Entry;
import io.sallyport.cli.enrolment.OwnerFiles;
import io.sallyport.cli.server.OperatorFiles;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Progress;
import io.sallyport.cli.terminal.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends every portion of a batch along the line, several at once, and signs for the whole. */
final class FactoryRun {
  private final Surroundings surroundings;
  private final Line line;
  private final Plan plan;
  private final OperatorFiles operator;
  private final int jobs;

  FactoryRun(Surroundings surroundings, Line line, Plan plan, OperatorFiles operator, int jobs) {
    this.surroundings = surroundings;
    this.line = line;
    this.plan = plan;
    this.operator = operator;
    this.jobs = jobs;
  }

  /** What became of the batch; with a refusal there is no manifest yet. */
  record Summary(int made, int alreadyThere, List<Refusal> refused) {
    Summary {
      refused = List.copyOf(refused);
    }
  }

  Summary run(List<Entry> entries) {
    OwnerFiles.createFolders(line.drafts());
    var portions = portions(entries);
    int before = portions.stream().mapToInt(Portion::finished).sum();
    var refused = refusedOf(portions, entries.size() - before);
    if (refused.isEmpty()) {
      manifest(entries, portions.size()).write(line.out(), operator);
    }
    return new Summary(entries.size() - before - refused.size(), before, refused);
  }

  private List<Portion> portions(List<Entry> entries) {
    var portions = new ArrayList<Portion>();
    for (int from = 0; from < entries.size(); from += Portion.SIZE) {
      var some = entries.subList(from, Math.min(entries.size(), from + Portion.SIZE));
      portions.add(new Portion(line, portions.size(), some));
    }
    return portions;
  }

  // Bound: as many portions are under way, and with them their keys in memory, as there are jobs.
  private List<Refusal> refusedOf(List<Portion> portions, int missing) {
    var refused = new ArrayList<Refusal>();
    var next = new AtomicInteger();
    try (var workers = Executors.newFixedThreadPool(jobs);
        var progress = new Progress(surroundings, "made", Math.max(1, missing))) {
      var running = new ArrayList<Future<List<Refusal>>>();
      for (int i = 0; i < jobs; i++) {
        running.add(workers.submit(() -> work(portions, next, progress)));
      }
      for (var one : running) {
        refused.addAll(await(one, next));
      }
    }
    return refused;
  }

  private static List<Refusal> work(List<Portion> portions, AtomicInteger next, Progress progress) {
    var refused = new ArrayList<Refusal>();
    try {
      for (int i = next.getAndIncrement(); i < portions.size(); i = next.getAndIncrement()) {
        int before = portions.get(i).finished();
        var some = portions.get(i).run();
        refused.addAll(some);
        int made = portions.get(i).finished() - before;
        synchronized (progress) {
          progress.advance(made);
        }
      }
      return refused;
    } catch (RuntimeException e) {
      stop(next);
      throw e;
    }
  }

  /** Lets the others finish the portion that they are at, and begin no other. */
  private static void stop(AtomicInteger next) {
    next.set(Integer.MAX_VALUE / 2);
  }

  private static List<Refusal> await(Future<List<Refusal>> one, AtomicInteger next) {
    try {
      return one.get();
    } catch (InterruptedException e) {
      stop(next);
      Thread.currentThread().interrupt();
      throw Failure.unavailable("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Failure failure) {
        throw failure.with("run the same command again to go on");
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Manifest manifest(List<Entry> entries, int portions) {
    var devices = new ArrayList<DeviceFacts>();
    for (int i = 0; i < portions; i++) {
      devices.addAll(line.records(i).read().values());
    }
    if (devices.size() != entries.size()) {
      throw new IllegalStateException(
          "records of " + devices.size() + " devices where " + entries.size() + " are");
    }
    return new Manifest(
        Manifest.VERSION, plan.batch(), plan.format(), plan.station(), devices.size(), devices);
  }

  /** Removes what a finished batch does not need: neither keys nor anything else of the work. */
  static void tidy(Path work) {
    if (!Files.isDirectory(work)) {
      return;
    }
    OwnerFiles.remove(work.resolve("drafts"));
    try (var files = Files.newDirectoryStream(work, "*.sealed*")) {
      for (var file : files) {
        OwnerFiles.destroy(file);
      }
    } catch (IOException e) {
      throw OwnerFiles.broken("the folder cannot be read", work, e);
    }
    OwnerFiles.remove(work);
  }
}
