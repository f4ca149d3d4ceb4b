package io.sallyport.cli.enrolment;

import io.sallyport.cli.bundle.Gate;
import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Progress;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.identity.PrincipalKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Enrols the devices of a file into a folder of bundles. Every device is in one of three states on
 * the disk: absent, its key waiting in {@code .pending/ID}, or its bundle finished under its id; so
 * the same command, run again after a crash at any moment, goes on where it was.
 */
final class FleetEnrolment {
  static final String PENDING = ".pending";

  /** Bound: devices of one request; the server takes at most 500. */
  private static final int BATCH = 100;

  private final ControlClient control;
  private final Surroundings surroundings;
  private final Wishes wishes;
  private final Shape.Chosen shape;
  private final Path out;
  private int missing;
  private @Nullable Gate gate;

  FleetEnrolment(
      ControlClient control,
      Surroundings surroundings,
      Wishes wishes,
      Shape.Chosen shape,
      Path out) {
    this.control = control;
    this.surroundings = surroundings;
    this.wishes = wishes;
    this.shape = shape;
    this.out = out.toAbsolutePath().normalize();
  }

  /** A device that the server did not take. */
  record Refusal(int line, String id, String why) {}

  /** What became of the file. */
  record Summary(int enrolled, int alreadyThere, List<Refusal> refused) {
    Summary {
      refused = List.copyOf(refused);
    }
  }

  private record Prepared(FleetFile.Entry entry, PendingKey key) {}

  /** Enrols everybody who is not there yet. */
  Summary run(List<FleetFile.Entry> entries) {
    var made = OwnerFiles.createFolders(pending());
    try (var lock = lock();
        var workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      try {
        var missing = entries.stream().filter(entry -> !finished(entry)).toList();
        this.missing = missing.size();
        var refused = enrol(missing, workers);
        var enrolled = missing.size() - refused.size();
        return new Summary(enrolled, entries.size() - missing.size(), refused);
      } finally {
        lock.delete();
        OwnerFiles.removeEmpty(List.of(pending()));
        OwnerFiles.removeEmpty(made);
      }
    }
  }

  private List<Refusal> enrol(List<FleetFile.Entry> missing, ExecutorService workers) {
    var refused = new ArrayList<Refusal>();
    var done = 0;
    var next = prepare(missing, 0, workers);
    try (var progress = new Progress(surroundings, "enrolled", missing.size())) {
      while (!next.isEmpty()) {
        var batch = await(next);
        // The keys of the next batch are made while the server signs this one.
        next = prepare(missing, done + batch.size(), workers);
        refused.addAll(settle(batch, workers));
        done += batch.size();
        progress.advance(batch.size());
      }
      return refused;
    } catch (Failure failure) {
      // Never sent, so they are of no use to anybody.
      forget(await(next));
      throw failure.with(
          done + " of " + missing.size() + " are done; run the same command again to go on");
    }
  }

  private static void forget(List<Prepared> batch) {
    for (var one : batch) {
      if (!one.key().resumed()) {
        one.key().discard();
      }
    }
  }

  private List<Future<Prepared>> prepare(
      List<FleetFile.Entry> missing, int from, ExecutorService workers) {
    return missing.subList(from, Math.min(missing.size(), from + BATCH)).stream()
        .map(entry -> submit(workers, () -> new Prepared(entry, key(entry))))
        .toList();
  }

  private List<Refusal> settle(List<Prepared> batch, ExecutorService workers) {
    var asked =
        batch.stream()
            .map(one -> submit(workers, () -> recovered(one) ? List.<Prepared>of() : List.of(one)))
            .toList();
    return ask(await(asked).stream().flatMap(List::stream).toList(), workers);
  }

  /** Finishes a device that an earlier run got enrolled and did not learn of. */
  private boolean recovered(Prepared one) {
    if (!one.key().resumed()) {
      return false;
    }
    var answer = new Recovery(control).find(one.entry().applicant(), one.key().publicKey());
    answer.ifPresent(issued -> finish(one, issued, issued));
    return answer.isPresent();
  }

  private List<Refusal> ask(List<Prepared> batch, ExecutorService workers) {
    if (batch.isEmpty()) {
      return List.of();
    }
    var request = Json.mapper().createObjectNode();
    var devices = request.putArray("devices");
    for (var one : batch) {
      var entry = one.entry();
      devices.add(wishes.request(entry.applicant(), one.key().request(), entry.wishes()));
    }
    var answer = answer(batch, request);
    var results = byId(answer);
    var finishing =
        batch.stream()
            .map(one -> submit(workers, () -> finish(one, result(results, one), answer)))
            .toList();
    return await(finishing).stream().flatMap(List::stream).toList();
  }

  private Answer answer(List<Prepared> batch, JsonNode request) {
    try {
      return control.post("devices/batch" + wishes.query(), request);
    } catch (Failure failure) {
      if (failure.nothingHappened()) {
        forget(batch);
      }
      throw failure;
    }
  }

  private List<Refusal> finish(Prepared one, Answer result, Answer installation) {
    var applicant = one.entry().applicant();
    if (result.text("status").equals("issued")) {
      var issued = Issued.read(result, installation, one.key().publicKey());
      one.key().complete(issued, gate(installation), shape, folder(one.entry()));
      return List.of();
    }
    forget(List.of(one));
    var why = result.optionalText("detail").orElseGet(() -> result.text("reason"));
    return List.of(new Refusal(one.entry().line(), applicant.id().value(), why));
  }

  /** Where the devices connect; the server is told of all of them before the first is written. */
  private synchronized Gate gate(Answer installation) {
    var known = gate;
    if (known == null) {
      known =
          shape.handOut(
              control, PrincipalKind.DEVICE, Gate.read(installation), Math.max(1, missing));
      gate = known;
    }
    return known;
  }

  private static Map<String, Answer> byId(Answer answer) {
    var results = new HashMap<String, Answer>();
    answer.objects("results").forEach(result -> results.put(result.text("id"), result));
    return results;
  }

  private static Answer result(Map<String, Answer> results, Prepared one) {
    var id = one.entry().applicant().id().value();
    var result = results.get(id);
    if (result == null) {
      throw Failure.unavailable("the server did not say what became of '" + id + "'");
    }
    return result;
  }

  private boolean finished(FleetFile.Entry entry) {
    var folder = folder(entry);
    if (!OwnerFiles.occupied(folder)) {
      return false;
    }
    if (!shape.isFinished(folder, entry.applicant())) {
      throw Failure.badInput("something else than a bundle is there already: " + folder);
    }
    PendingKey.tidy(folder, entry.applicant(), shape.keepsKeyFile());
    return true;
  }

  private PendingKey key(FleetFile.Entry entry) {
    return PendingKey.open(pending().resolve(entry.applicant().id().value()), entry.applicant());
  }

  private Path folder(FleetFile.Entry entry) {
    return out.resolve(entry.applicant().id().value());
  }

  private Path pending() {
    return out.resolve(PENDING);
  }

  private FolderLock lock() {
    return FolderLock.take(pending().resolve(".lock"), out);
  }

  private static <T> Future<T> submit(ExecutorService workers, Callable<T> task) {
    return workers.submit(task);
  }

  private static <T> List<T> await(List<Future<T>> tasks) {
    var results = new ArrayList<T>();
    try {
      for (var task : tasks) {
        results.add(task.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.unavailable("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Failure failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
