package io.sallyport.control.jobs;

import io.sallyport.control.jobs.JobAnswer.Deleted;
import io.sallyport.control.jobs.JobAnswer.ExecutionEnded;
import io.sallyport.control.jobs.JobAnswer.Refused;
import io.sallyport.control.jobs.JobAnswer.Shown;
import io.sallyport.control.jobs.JobAnswer.Why;
import io.sallyport.control.jobs.model.Execution;
import io.sallyport.control.jobs.model.ExecutionStatus;
import io.sallyport.control.jobs.model.JobSettings;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.GroupTable;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.ledger.EventType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Makes, shows and ends jobs, as operators ask. */
public final class Jobs {
  /** Bound: jobs that are kept, ended ones too. */
  static final int JOBS_MAX = 10_000;

  /** Bound: characters of a description or a comment, as on AWS IoT. */
  static final int TEXT_MAX = 2_028;

  /** Bound: characters of the word for why a job is cancelled. */
  static final int REASON_MAX = 128;

  private final Database database;
  private final InstantSource clock;
  private final JobLimits limits;
  private final TargetTable targets;

  /** The jobs of a registry. */
  public Jobs(Database database, InstantSource clock, JobLimits limits) {
    this.database = database;
    this.clock = clock;
    this.limits = limits;
    targets = new TargetTable(database, limits.pendingPerDevice());
  }

  /** Why a job is cancelled. */
  public record Cause(@Nullable String reason, @Nullable String comment) {
    private Optional<Refused> refusal() {
      boolean fits =
          (reason == null || reason.matches("[\\p{Upper}\\p{Digit}_]{1," + REASON_MAX + "}"))
              && (comment == null || comment.length() <= TEXT_MAX);
      return fits
          ? Optional.empty()
          : Optional.of(
              malformed(
                  "a 'reasonCode' is up to "
                      + REASON_MAX
                      + " of A-Z 0-9 _, a 'comment' up to "
                      + TEXT_MAX
                      + " characters"));
    }
  }

  /** Makes a job; devices are given it when the scheduler comes to it. */
  public JobAnswer create(JobForm form, String actor) {
    try {
      var id = form.jobId();
      if (id == null || !JobTopic.JOB_ID.matcher(id).matches()) {
        return malformed("'jobId' is 1 to 64 characters of A-Z a-z 0-9 _ -");
      }
      if (form.document() == null) {
        return malformed("member 'document' is missing");
      }
      if (form.description() != null && form.description().length() > TEXT_MAX) {
        return malformed("'description' has at most " + TEXT_MAX + " characters");
      }
      var document = JobDocument.write(form.document(), limits.documentBytes());
      var settings = JobReader.settings(form);
      var now = now();
      if (settings.schedule().isOver(now)) {
        return malformed("'endTime' is over");
      }
      return database.write(handle -> create(handle, form, id, document, settings, actor, now));
    } catch (MalformedJob e) {
      return malformed(String.valueOf(e.getMessage()));
    }
  }

  private JobAnswer create(
      Handle handle,
      JobForm form,
      String id,
      String document,
      JobSettings settings,
      String actor,
      Instant now) {
    LedgerStore.lock(handle);
    if (JobTable.count(handle) >= JOBS_MAX) {
      return conflict("too-many-jobs", "there are " + JOBS_MAX + " jobs; delete some that ended");
    }
    if (JobTable.countAlive(handle) >= limits.alive()) {
      return conflict("too-many-jobs", limits.alive() + " jobs are in progress (jobs.alive)");
    }
    for (var group : settings.targets().groups()) {
      if (!GroupTable.exists(handle, group)) {
        return new Refused(Why.UNACCEPTABLE, "group-unknown", "no group '" + group + "'");
      }
    }
    var unknown = targets.unknown(handle, settings.targets().devices());
    if (!unknown.isEmpty()) {
      return new Refused(
          Why.UNACCEPTABLE,
          "principal-unknown",
          "no device '" + unknown.getFirst() + "', or it is revoked");
    }
    if (targets.count(handle, settings.targets(), limits.targets() + 1) > limits.targets()) {
      return conflict(
          "too-many-targets", "a job has at most " + limits.targets() + " targets (jobs.targets)");
    }
    var state = settings.schedule().hasBegun(now) ? JobState.IN_PROGRESS : JobState.SCHEDULED;
    if (!JobTable.insert(handle, form, document, state, actor, now)) {
      return conflict("job-exists", "there is a job '" + id + "'");
    }
    if (!settings.continuous()) {
      targets.freeze(handle, id, settings.targets());
    }
    Cancellation.tell(
        handle,
        EventType.JOB_CREATED,
        id,
        actor,
        now,
        Map.of(
            "selection",
            settings.continuous() ? "CONTINUOUS" : "SNAPSHOT",
            "document-bytes",
            "" + document.getBytes(StandardCharsets.UTF_8).length));
    return shown(handle, id);
  }

  /**
   * The next jobs after a name.
   *
   * @param state null for any
   */
  public List<JobRecord> page(@Nullable JobState state, String after, int limit) {
    return database.read(handle -> JobTable.page(handle, state, after, limit));
  }

  /** One job. */
  public JobAnswer show(String id) {
    return database.read(handle -> shown(handle, id));
  }

  /** The next devices of a job after one, by their latest executions; nothing if there is none. */
  public Optional<List<Execution>> executions(
      String id, List<ExecutionStatus> statuses, String after, int limit) {
    return database.read(
        handle ->
            JobTable.document(handle, id)
                .map(_ -> ExecutionTable.ofJob(handle, id, statuses, after, limit)));
  }

  /** Every attempt of a device at a job. */
  public List<Execution> attempts(String id, PrincipalId device) {
    return database.read(handle -> ExecutionTable.attempts(handle, id, device.value()));
  }

  /** The next jobs of a device after a name; nothing if there is no such device. */
  public Optional<List<Execution>> ofDevice(
      PrincipalId device, List<ExecutionStatus> statuses, String after, int limit) {
    return database.read(
        handle ->
            Principals.standing(handle, PrincipalKind.DEVICE, device)
                .map(_ -> ExecutionTable.ofDevice(handle, device.value(), statuses, after, limit)));
  }

  /**
   * Cancels a job: nobody begins with it any more.
   *
   * @param force whether who has begun is to stop, too
   */
  public JobAnswer cancel(String id, boolean force, Cause cause, String actor) {
    var refusal = cause.refusal();
    if (refusal.isPresent()) {
      return refusal.get();
    }
    return database.write(
        handle -> {
          LedgerStore.lock(handle);
          var job = JobTable.hold(handle, id);
          if (job.isEmpty()) {
            return unknown(id);
          }
          // By force even of one that is cancelled: some may have begun before that.
          boolean again = force && job.get().state() == JobState.CANCELED;
          if (!job.get().state().isAlive() && !again) {
            return conflict("job-ended", "the job '" + id + "' is " + job.get().state());
          }
          Cancellation.cancel(
              handle,
              job.get(),
              force,
              EventType.JOB_CANCELED,
              cause.reason(),
              cause.comment(),
              actor,
              now());
          return shown(handle, id);
        });
  }

  /**
   * Cancels what one device is to do.
   *
   * @param force whether it is to stop although it has begun
   * @param expectedVersion null for any
   */
  public JobAnswer cancelExecution(
      String id, PrincipalId device, boolean force, @Nullable Long expectedVersion, String actor) {
    return database.write(
        handle -> {
          LedgerStore.lock(handle);
          var found = ExecutionTable.find(handle, id, device.value(), null);
          if (found.isEmpty()) {
            return new Refused(
                Why.UNKNOWN,
                "execution-unknown",
                "the device '" + device + "' was not given the job '" + id + "'");
          }
          var execution = found.get();
          if (execution.status().isTerminal()) {
            return conflict("execution-ended", "the execution is " + execution.status());
          }
          if (execution.status() == ExecutionStatus.IN_PROGRESS && !force) {
            return conflict("in-progress", "the device has begun; it is cancelled by force only");
          }
          if (expectedVersion != null && expectedVersion != execution.version()) {
            return conflict("version-mismatch", "the version is " + execution.version());
          }
          var now = now();
          Cancellation.end(handle, List.of(execution), ExecutionStatus.CANCELED, now);
          var after = ExecutionTable.find(handle, id, device.value(), null).orElseThrow();
          if (after.status() != ExecutionStatus.CANCELED) {
            return conflict("version-mismatch", "the device was faster");
          }
          Cancellation.tell(
              handle,
              EventType.JOB_EXECUTION_CANCELED,
              id,
              actor,
              now,
              Map.of("device", device.value(), "force", Boolean.toString(force)));
          return new ExecutionEnded(after);
        });
  }

  /**
   * Takes a job away with everything that is known of it.
   *
   * @param force whether although devices are not done with it
   */
  public JobAnswer delete(String id, boolean force, String actor) {
    return database.write(
        handle -> {
          LedgerStore.lock(handle);
          var job = JobTable.hold(handle, id);
          if (job.isEmpty()) {
            return unknown(id);
          }
          boolean alive = job.get().state().isAlive();
          if (!force && (alive || ExecutionTable.tally(handle, id).pending() > 0)) {
            return conflict("job-alive", "devices are not done with the job '" + id + "'");
          }
          var now = now();
          TargetTable.clear(handle, id);
          Cancellation.endExecutions(handle, id, true, now);
          ExecutionTable.deleteOfJob(handle, id);
          JobTable.delete(handle, id);
          Cancellation.tell(
              handle,
              EventType.JOB_DELETED,
              id,
              actor,
              now,
              Map.of("force", Boolean.toString(force)));
          return new Deleted(id);
        });
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static JobAnswer shown(Handle handle, String id) {
    return JobTable.find(handle, id)
        .<JobAnswer>map(
            job ->
                new Shown(
                    job, ExecutionTable.tally(handle, id), TargetTable.countWaiting(handle, id)))
        .orElseGet(() -> unknown(id));
  }

  private static Refused malformed(String detail) {
    return new Refused(Why.MALFORMED, "malformed-job", detail);
  }

  private static Refused conflict(String reason, String detail) {
    return new Refused(Why.CONFLICT, reason, detail);
  }

  private static Refused unknown(String id) {
    return new Refused(Why.UNKNOWN, "job-unknown", "no job '" + id + "'");
  }
}
