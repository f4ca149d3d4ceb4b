package io.sallyport.control.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.sallyport.control.jobs.JobAnswer;
import io.sallyport.control.jobs.JobForm;
import io.sallyport.control.jobs.JobRecord;
import io.sallyport.control.jobs.JobState;
import io.sallyport.control.jobs.Jobs;
import io.sallyport.control.jobs.model.Execution;
import io.sallyport.control.jobs.model.ExecutionStatus;
import io.sallyport.control.jobs.model.Tally;
import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The calls about jobs, in AWS IoT's terms. */
final class JobRoutes {
  // Bound: a document of the largest size that can be configured, and 500 ids.
  private static final int BODY_MAX = 512 * 1024;

  private final Jobs jobs;

  JobRoutes(Jobs jobs) {
    this.jobs = jobs;
  }

  @JsonInclude(Include.NON_NULL)
  record JobView(
      String jobId,
      String status,
      String description,
      boolean continuous,
      String createdBy,
      Instant createdAt,
      String changedBy,
      Instant changedAt,
      @Nullable String reasonCode,
      @Nullable String comment,
      @Nullable Object settings,
      @Nullable Object document,
      @Nullable Instant nextWindow,
      @Nullable Map<String, Long> progress,
      @Nullable Long waiting) {
    static JobView line(JobRecord job) {
      return of(job, null, null, null);
    }

    static JobView whole(JobRecord job, Tally tally, long waiting) {
      return of(job, progress(tally), waiting, Json.tree(job.document()));
    }

    private static JobView of(
        JobRecord job,
        @Nullable Map<String, Long> progress,
        @Nullable Long waiting,
        @Nullable Object document) {
      return new JobView(
          job.id(),
          job.state().name(),
          job.description(),
          job.settings().continuous(),
          job.createdBy(),
          job.createdAt(),
          job.changedBy(),
          job.changedAt(),
          job.reason(),
          job.comment(),
          document == null ? null : Json.tree(job.form()),
          document,
          document == null ? null : nextWindow(job),
          progress,
          waiting);
    }

    private static @Nullable Instant nextWindow(JobRecord job) {
      return job.state().isAlive()
          ? job.settings().schedule().nextOpening(job.tickedAt()).orElse(null)
          : null;
    }

    private static Map<String, Long> progress(Tally tally) {
      var progress = new TreeMap<String, Long>();
      for (var status : ExecutionStatus.values()) {
        progress.put(status.name(), tally.of(status));
      }
      return progress;
    }
  }

  @JsonInclude(Include.NON_NULL)
  record ExecutionView(
      String jobId,
      String device,
      long executionNumber,
      String status,
      Map<String, String> statusDetails,
      long versionNumber,
      Instant queuedAt,
      @Nullable Instant startedAt,
      Instant lastUpdatedAt,
      @Nullable Instant timesOutAt) {
    static ExecutionView of(Execution execution) {
      return new ExecutionView(
          execution.job(),
          execution.device(),
          execution.number(),
          execution.status().name(),
          new TreeMap<>(execution.details()),
          execution.version(),
          execution.queuedAt(),
          execution.startedAt(),
          execution.updatedAt(),
          execution.dueAt());
    }
  }

  record AttemptsView(List<ExecutionView> attempts) {}

  record DeletedJobView(String jobId) {}

  record CancelJob(
      @Nullable Boolean force, @Nullable String reasonCode, @Nullable String comment) {}

  record CancelExecution(@Nullable Boolean force, @Nullable Long expectedVersion) {}

  List<Route> routes() {
    var one = "/api/v1/jobs/{job}";
    return List.of(
        new Route("POST", "/api/v1/jobs", Role.OPERATOR, BODY_MAX, this::create),
        Route.get("/api/v1/jobs", Role.VIEWER, this::list),
        Route.get(one, Role.VIEWER, call -> answer(jobs.show(call.path("job")))),
        Route.post(one + "/cancel", Role.OPERATOR, this::cancel),
        new Route("DELETE", one, Role.OPERATOR, 0, this::delete),
        Route.get(one + "/executions", Role.VIEWER, this::executions),
        Route.get(one + "/executions/{device}", Role.VIEWER, this::attempts),
        Route.post(one + "/executions/{device}/cancel", Role.OPERATOR, this::cancelExecution),
        Route.get("/api/v1/devices/{id}/jobs", Role.VIEWER, this::ofDevice));
  }

  private Answer create(Call call) {
    return switch (jobs.create(call.body(JobForm.class), call.actor())) {
      case JobAnswer.Shown(var job, var tally, var waiting) ->
          Answer.created(JobView.whole(job, tally, waiting));
      case JobAnswer other -> answer(other);
    };
  }

  private Answer list(Call call) {
    var word = call.queryOrNull("status");
    var state =
        word == null
            ? null
            : JobState.of(word)
                .orElseThrow(() -> malformedStatus(word, Arrays.asList(JobState.values())));
    return Paging.of(
        call,
        "jobs",
        (after, limit) -> jobs.page(state, after, limit),
        JobRecord::id,
        JobView::line);
  }

  private Answer cancel(Call call) {
    var body = call.body(CancelJob.class);
    var cause = new Jobs.Cause(body.reasonCode(), body.comment());
    return answer(
        jobs.cancel(call.path("job"), Boolean.TRUE.equals(body.force()), cause, call.actor()));
  }

  private Answer delete(Call call) {
    return answer(jobs.delete(call.path("job"), call.flag("force"), call.actor()));
  }

  private Answer executions(Call call) {
    var id = call.path("job");
    var statuses = statuses(call);
    return Paging.of(
        call,
        "executions",
        (after, limit) ->
            jobs.executions(id, statuses, after, limit)
                .orElseThrow(() -> new Problem(404, "job-unknown", "no job '" + id + "'")),
        Execution::device,
        ExecutionView::of);
  }

  private Answer attempts(Call call) {
    var attempts = jobs.attempts(call.path("job"), call.id("device"));
    if (attempts.isEmpty()) {
      throw new Problem(
          404,
          "execution-unknown",
          "the device '" + call.path("device") + "' was not given the job");
    }
    return Answer.ok(new AttemptsView(attempts.stream().map(ExecutionView::of).toList()));
  }

  private Answer cancelExecution(Call call) {
    var body = call.body(CancelExecution.class);
    return answer(
        jobs.cancelExecution(
            call.path("job"),
            call.id("device"),
            Boolean.TRUE.equals(body.force()),
            body.expectedVersion(),
            call.actor()));
  }

  private Answer ofDevice(Call call) {
    var device = call.id("id");
    var statuses = statuses(call);
    return Paging.of(
        call,
        "executions",
        (after, limit) ->
            jobs.ofDevice(device, statuses, after, limit)
                .orElseThrow(
                    () -> new Problem(404, "principal-unknown", "no device '" + device + "'")),
        Execution::job,
        ExecutionView::of);
  }

  private static List<ExecutionStatus> statuses(Call call) {
    var word = call.queryOrNull("status");
    var all = Arrays.asList(ExecutionStatus.values());
    return word == null
        ? all
        : List.of(ExecutionStatus.of(word).orElseThrow(() -> malformedStatus(word, all)));
  }

  private static Answer answer(JobAnswer answer) {
    return switch (answer) {
      case JobAnswer.Shown(var job, var tally, var waiting) ->
          Answer.ok(JobView.whole(job, tally, waiting));
      case JobAnswer.Deleted(var id) -> Answer.ok(new DeletedJobView(id));
      case JobAnswer.ExecutionEnded(var execution) -> Answer.ok(ExecutionView.of(execution));
      case JobAnswer.Refused(var why, var reason, var detail) ->
          throw new Problem(
              switch (why) {
                case MALFORMED -> 400;
                case UNKNOWN -> 404;
                case CONFLICT -> 409;
                case UNACCEPTABLE -> 422;
              },
              reason,
              detail);
    };
  }

  private static Problem malformedStatus(String word, List<?> words) {
    return new Problem(
        400, "malformed-query", "'status' is one of " + words + ", not '" + word + "'");
  }
}
