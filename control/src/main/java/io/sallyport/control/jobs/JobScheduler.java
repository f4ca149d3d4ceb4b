package io.sallyport.control.jobs;

import static io.sallyport.control.schedule.Rounds.attempt;

import io.sallyport.control.jobs.NoticeTable.Notice;
import io.sallyport.control.jobs.model.Execution;
import io.sallyport.control.jobs.model.ExecutionStatus;
import io.sallyport.control.jobs.model.Pending;
import io.sallyport.control.jobs.model.RolloutRate;
import io.sallyport.control.jobs.model.Schedule;
import io.sallyport.control.jobs.model.Tally;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.messaging.Postbox;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.store.Database;
import io.sallyport.ledger.EventType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What happens to jobs by itself: they begin, are given out at their pace, time out, are cancelled
 * when too many fail, and end. Each step is one transaction that decides again what it does, so it
 * may be killed anywhere, and two of these do nothing twice.
 */
public final class JobScheduler {
  /** How often it is to be asked. */
  public static final Duration EVERY = Duration.ofSeconds(5);

  /** Who does in the ledger what no operator did. */
  static final String ACTOR = "sallyport";

  // Bound: after a pause a job is given out no faster than for so long.
  private static final Duration ELAPSED_MAX = EVERY.multipliedBy(3);

  // How long who joins the target of a continuous job may wait to be seen.
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  // Bound: executions that end in one transaction, and devices that are told at once.
  private static final int PORTION = 500;

  // Bound: transactions of one kind in one go.
  private static final int STEPS_MAX = 4;

  // Bound: how long it waits for the messages of one portion to be taken.
  private static final Duration POST_MAX = Duration.ofSeconds(10);

  private final Database database;
  private final TargetTable targets;
  private final Postbox postbox;
  private final int targetsMax;
  private final Map<String, Instant> noneJoined = new HashMap<>();
  private final Map<String, Instant> noneLeft = new HashMap<>();
  private final AtomicLong aborts = new AtomicLong();
  private String told = "";

  /** A scheduler that tells devices through a postbox. */
  public JobScheduler(Database database, Postbox postbox, JobLimits limits) {
    this.database = database;
    this.postbox = postbox;
    targets = new TargetTable(database, limits.pendingPerDevice());
    targetsMax = limits.targets();
  }

  /** How many jobs it cancelled because too many failed. */
  long aborts() {
    return aborts.get();
  }

  /** What a job needs now. */
  private enum Step {
    NOTHING,
    BEGIN,
    END,
    ABORT,
    GIVE,
    TAKE_OUT,
    COMPLETE
  }

  /** Does what is to be done at a moment; by one thread, and by one process but for hand-overs. */
  public void tick(Instant at) {
    var now = at.truncatedTo(ChronoUnit.MILLIS);
    attempt("timing out executions", () -> timeOut(now));
    var alive = database.read(JobTable::alive);
    noneJoined.keySet().retainAll(new HashSet<>(alive));
    noneLeft.keySet().retainAll(new HashSet<>(alive));
    alive.forEach(id -> attempt("work on the job '" + id + "'", () -> work(id, now)));
    tell(now);
  }

  private void work(String id, Instant now) {
    for (int step = 0; step < STEPS_MAX; step++) {
      var due =
          database.read(handle -> JobTable.find(handle, id).map(job -> decide(handle, job, now)));
      if (due.isEmpty() || due.get() == Step.NOTHING) {
        return;
      }
      database.change(handle -> act(handle, id, now));
    }
  }

  private void act(Handle handle, String id, Instant now) {
    // First, so that nobody waits crosswise; and nobody is revoked while somebody is given a job.
    LedgerStore.lock(handle);
    var job = JobTable.find(handle, id);
    if (job.isEmpty() || !JobTable.tick(handle, job.get(), now)) {
      return;
    }
    switch (decide(handle, job.get(), now)) {
      case NOTHING -> {}
      case BEGIN -> JobTable.change(handle, id, JobState.IN_PROGRESS, null, null, ACTOR, now);
      case END -> end(handle, job.get(), now);
      case ABORT -> abort(handle, job.get(), now);
      case GIVE -> give(handle, job.get(), now);
      case TAKE_OUT -> takeOut(handle, job.get(), now);
      case COMPLETE -> JobTable.change(handle, id, JobState.COMPLETED, null, null, ACTOR, now);
    }
  }

  private Step decide(Handle handle, JobRecord job, Instant now) {
    if (!job.state().isAlive()) {
      return Step.NOTHING;
    }
    var schedule = job.settings().schedule();
    if (schedule.isOver(now) && !job.rolloutEnded()) {
      return Step.END;
    }
    if (job.state() == JobState.SCHEDULED) {
      return schedule.hasBegun(now) ? Step.BEGIN : Step.NOTHING;
    }
    var tally = ExecutionTable.tally(handle, job.id());
    if (job.settings().isAborted(tally)) {
      return Step.ABORT;
    }
    if (!next(handle, job, tally, now).isEmpty()) {
      return Step.GIVE;
    }
    if (job.settings().continuous() && !job.rolloutEnded()) {
      return left(handle, job, now).isEmpty() ? Step.NOTHING : Step.TAKE_OUT;
    }
    return tally.pending() == 0 && !TargetTable.isAnyWaiting(handle, job.id())
        ? Step.COMPLETE
        : Step.NOTHING;
  }

  /** Who is given it now. */
  private List<TargetTable.Next> next(Handle handle, JobRecord job, Tally tally, Instant now) {
    if (job.rolloutEnded() || !job.settings().schedule().isOpen(now)) {
      return List.of();
    }
    int rate =
        job.settings().rate().perMinute(tally.notified(), tally.of(ExecutionStatus.SUCCEEDED));
    var elapsed = Duration.between(job.tickedAt(), now);
    int allowed =
        RolloutRate.allowance(
            rate,
            ExecutionTable.givenAfter(handle, job.id(), now.minus(RolloutRate.WINDOW)),
            elapsed.compareTo(ELAPSED_MAX) > 0 ? ELAPSED_MAX : elapsed);
    if (!job.settings().continuous()) {
      return allowed == 0 ? List.of() : targets.waiting(handle, job.id(), allowed);
    }
    int most = Math.clamp(targetsMax - tally.notified(), 0, allowed);
    if (most == 0 || isRecent(noneJoined.get(job.id()), now)) {
      return List.of();
    }
    var joined = targets.joined(handle, job.id(), job.settings().targets(), most);
    if (joined.isEmpty()) {
      noneJoined.put(job.id(), now);
    }
    return joined;
  }

  private List<String> left(Handle handle, JobRecord job, Instant now) {
    if (isRecent(noneLeft.get(job.id()), now)) {
      return List.of();
    }
    var left = targets.left(handle, job.id(), job.settings().targets(), PORTION);
    if (left.isEmpty()) {
      noneLeft.put(job.id(), now);
    }
    return left;
  }

  private static boolean isRecent(@Nullable Instant since, Instant now) {
    return since != null && now.isBefore(since.plus(LOOK_AGAIN)) && !now.isBefore(since);
  }

  private void give(Handle handle, JobRecord job, Instant now) {
    var tally = ExecutionTable.tally(handle, job.id());
    var next = next(handle, job, tally, now);
    var devices = next.stream().map(TargetTable.Next::device).toList();
    NoticeTable.around(
        handle,
        devices,
        now,
        () -> {
          ExecutionTable.insertAll(
              handle,
              next.stream()
                  .map(one -> Execution.queued(job.id(), one.device(), one.attempts() + 1, now))
                  .toList());
          TargetTable.take(handle, job.id(), devices);
        });
  }

  private void takeOut(Handle handle, JobRecord job, Instant now) {
    var some =
        left(handle, job, now).stream()
            .map(device -> ExecutionTable.find(handle, job.id(), device, null))
            .flatMap(Optional::stream)
            .filter(execution -> execution.status() == ExecutionStatus.QUEUED)
            .toList();
    Cancellation.end(handle, some, ExecutionStatus.REMOVED, now);
  }

  private static void end(Handle handle, JobRecord job, Instant now) {
    if (job.settings().schedule().atEnd() == Schedule.EndBehavior.STOP_ROLLOUT) {
      JobTable.endRollout(handle, job.id());
      TargetTable.clear(handle, job.id());
      if (job.state() == JobState.SCHEDULED) {
        JobTable.change(handle, job.id(), JobState.IN_PROGRESS, null, null, ACTOR, now);
      }
      return;
    }
    boolean force = job.settings().schedule().atEnd() == Schedule.EndBehavior.FORCE_CANCEL;
    Cancellation.cancel(handle, job, force, EventType.JOB_CANCELED, "end-time", null, ACTOR, now);
  }

  private void abort(Handle handle, JobRecord job, Instant now) {
    var tally = ExecutionTable.tally(handle, job.id());
    var comment = tally.failed() + " of " + tally.executed() + " executions came to a bad end";
    Cancellation.cancel(
        handle, job, false, EventType.JOB_ABORTED, "abort-criteria", comment, ACTOR, now);
    aborts.incrementAndGet();
  }

  private void timeOut(Instant now) {
    for (int step = 0; step < STEPS_MAX; step++) {
      if (database.write(handle -> timeOutSome(handle, now)) < PORTION) {
        return;
      }
    }
  }

  private static int timeOutSome(Handle handle, Instant now) {
    var due = ExecutionTable.due(handle, now, PORTION);
    // Jobs before executions, and in order: so that nobody waits crosswise.
    var jobs = new TreeMap<String, Boolean>();
    due.forEach(one -> jobs.putIfAbsent(one.job(), false));
    var settings = new HashMap<String, JobRecord>();
    for (var id : jobs.keySet()) {
      JobTable.hold(handle, id).ifPresent(job -> settings.put(id, job));
    }
    NoticeTable.around(
        handle,
        due.stream().map(Execution::device).toList(),
        now,
        () -> due.forEach(one -> timeOut(handle, one, settings.get(one.job()), now)));
    return due.size();
  }

  private static void timeOut(
      Handle handle, Execution execution, @Nullable JobRecord job, Instant now) {
    var ended = execution.ended(ExecutionStatus.TIMED_OUT, null, now);
    if (ExecutionTable.change(handle, execution, ended)
        && job != null
        && job.state() == JobState.IN_PROGRESS
        && job.settings().retries(ended)) {
      ExecutionTable.insert(handle, ended.retried(now));
    }
  }

  /** Tells devices of what changed, each once in a round, so that none keeps others waiting. */
  private void tell(Instant now) {
    for (int step = 0; step < STEPS_MAX; step++) {
      var from = told;
      var page = database.read(handle -> NoticeTable.page(handle, from, PORTION));
      told = page.size() < PORTION ? "" : page.getLast().device();
      if (page.isEmpty()) {
        return;
      }
      var gone = post(database.read(handle -> messages(handle, page, now)));
      if (!gone.isEmpty()) {
        database.change(handle -> NoticeTable.told(handle, gone));
      }
      if (told.isEmpty()) {
        return;
      }
    }
  }

  /** What a device is told. */
  private record Message(Notice notice, List<Publication> publications) {}

  private static List<Message> messages(Handle handle, List<Notice> page, Instant now) {
    var pending = ExecutionTable.pending(handle, page.stream().map(Notice::device).toList());
    var documents = new HashMap<String, Optional<String>>();
    var messages = new ArrayList<Message>();
    for (var notice : page) {
      var list = pending.getOrDefault(notice.device(), Pending.NONE);
      var publications = new ArrayList<Publication>();
      publications.add(JobAnswers.listChanged(notice.device(), list, now));
      if (notice.next()) {
        publications.add(
            JobAnswers.nextChanged(
                notice.device(),
                list,
                job -> documents.computeIfAbsent(job, id -> JobTable.document(handle, id)),
                now));
      }
      messages.add(new Message(notice, publications));
    }
    return messages;
  }

  /** Posts; those that were taken. */
  private List<Notice> post(List<Message> messages) {
    var ways = new ArrayList<CompletableFuture<Void>>();
    for (var message : messages) {
      ways.add(
          CompletableFuture.allOf(
              message.publications().stream()
                  .map(postbox::post)
                  .toArray(CompletableFuture[]::new)));
    }
    try {
      CompletableFuture.allOf(ways.toArray(CompletableFuture[]::new))
          .get(POST_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Those that went are told from the others below; the others are tried again.
    }
    var gone = new ArrayList<Notice>();
    for (int i = 0; i < ways.size(); i++) {
      if (ways.get(i).isDone() && !ways.get(i).isCompletedExceptionally()) {
        gone.add(messages.get(i).notice());
      }
    }
    return gone;
  }
}
