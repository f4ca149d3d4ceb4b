package io.sallyport.control.jobs;

import io.sallyport.control.jobs.JobAnswers.ErrorCode;
import io.sallyport.control.jobs.JobRequest.Malformed;
import io.sallyport.control.jobs.model.Execution;
import io.sallyport.control.jobs.model.ExecutionStatus;
import io.sallyport.control.jobs.model.Pending;
import io.sallyport.control.jobs.model.Report;
import io.sallyport.control.jobs.model.Transition;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.messaging.Request;
import io.sallyport.control.messaging.TopicService;
import io.sallyport.control.registry.Principals;
import io.sallyport.identity.PrincipalKind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The jobs MQTT API of AWS IoT, as devices speak it. */
public final class JobRequests implements TopicService {
  // Bound: how often an execution is looked at again that another process changed meanwhile.
  private static final int ATTEMPTS_MAX = 4;

  /** One request that can be worked on. */
  private record Ask(String topic, JobTopic about, JobRequest body, Instant at) {
    String thing() {
      return about.thing().value();
    }

    Publication rejected(ErrorCode code, String message, @Nullable Execution current) {
      return JobAnswers.rejected(topic, code, message, body.token(), current, at);
    }
  }

  @Override
  public String name() {
    return "jobs";
  }

  @Override
  public List<String> filters() {
    return JobTopic.FILTERS;
  }

  @Override
  public List<Publication> answer(Handle handle, Request request) {
    var now = request.at().truncatedTo(ChronoUnit.MILLIS);
    var topic = JobTopic.parse(request.topic());
    if (topic.isEmpty()) {
      return rejected(request.topic(), ErrorCode.INVALID_TOPIC, "no such operation", null, now);
    }
    JobRequest body;
    try {
      body = JobRequest.read(request.payload());
    } catch (Malformed e) {
      var code = e.isJson() ? ErrorCode.INVALID_REQUEST : ErrorCode.INVALID_JSON;
      return rejected(request.topic(), code, String.valueOf(e.getMessage()), e.token(), now);
    }
    var ask = new Ask(request.topic(), topic.get(), body, now);
    if (Principals.standing(handle, PrincipalKind.DEVICE, ask.about().thing()).isEmpty()) {
      return List.of(
          ask.rejected(ErrorCode.RESOURCE_NOT_FOUND, "no thing '" + ask.thing() + "'", null));
    }
    return switch (ask.about().operation()) {
      case GET_PENDING ->
          List.of(
              JobAnswers.accepted(
                  ask.topic(),
                  JobAnswers.pending(
                      ExecutionTable.pending(handle, ask.thing()), body.token(), now)));
      case START_NEXT -> startNext(handle, ask);
      case DESCRIBE -> List.of(describe(handle, ask));
      case UPDATE -> update(handle, ask);
    };
  }

  @Override
  public List<Publication> refusal(Request request, Trouble trouble) {
    String token = null;
    try {
      token = JobRequest.read(request.payload()).token();
    } catch (Malformed e) {
      token = e.token();
    }
    return switch (trouble) {
      case BUSY ->
          rejected(
              request.topic(),
              ErrorCode.REQUEST_THROTTLED,
              "too many requests wait; try again later",
              token,
              request.at());
      case BROKEN ->
          rejected(
              request.topic(),
              ErrorCode.INTERNAL_ERROR,
              "nothing was done; try again later",
              token,
              request.at());
    };
  }

  private static List<Publication> rejected(
      String topic, ErrorCode code, String message, @Nullable String token, Instant now) {
    return List.of(JobAnswers.rejected(topic, code, message, token, null, now));
  }

  private static List<Publication> startNext(Handle handle, Ask ask) {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      var before = ExecutionTable.pending(handle, ask.thing());
      var next = before.next();
      var job = next.flatMap(one -> JobTable.find(handle, one.job()));
      if (next.isEmpty() || job.isEmpty()) {
        var nothing = JobAnswers.answer(ask.body().token(), ask.at());
        return List.of(JobAnswers.accepted(ask.topic(), nothing));
      }
      if (next.get().status() == ExecutionStatus.IN_PROGRESS) {
        return started(ask, next.get(), job.get(), List.of());
      }
      var report =
          new Report(ExecutionStatus.IN_PROGRESS, ask.body().details(), ask.body().step(), null);
      if (next.get().report(report, job.get().settings().timeout(), ask.at())
              instanceof Transition.Made(var after)
          && ExecutionTable.change(handle, next.get(), after)) {
        return started(ask, after, job.get(), notices(handle, ask, before));
      }
    }
    return List.of(overtaken(ask));
  }

  private static List<Publication> started(
      Ask ask, Execution execution, JobRecord job, List<Publication> notices) {
    var answer = JobAnswers.answer(ask.body().token(), ask.at());
    answer.set("execution", JobAnswers.execution(execution, job.document()));
    var all = new ArrayList<Publication>();
    all.add(JobAnswers.accepted(ask.topic(), answer));
    all.addAll(notices);
    return all;
  }

  private static Publication describe(Handle handle, Ask ask) {
    var answer = JobAnswers.answer(ask.body().token(), ask.at());
    var job = ask.about().job();
    Optional<Execution> found;
    if (job == null) {
      found = ExecutionTable.pending(handle, ask.thing()).next();
      if (found.isEmpty()) {
        return JobAnswers.accepted(ask.topic(), answer);
      }
    } else {
      found = ExecutionTable.find(handle, job, ask.thing(), ask.body().executionNumber());
    }
    if (found.isEmpty()) {
      return unknown(ask);
    }
    var execution = found.get();
    if (execution.status().isTerminal()) {
      return ask.rejected(
          ErrorCode.TERMINAL_STATE_REACHED, "the execution is " + execution.status(), null);
    }
    boolean withDocument = !Boolean.FALSE.equals(ask.body().includeDocument());
    var document = withDocument ? JobTable.document(handle, execution.job()).orElse(null) : null;
    answer.set("execution", JobAnswers.execution(execution, document));
    return JobAnswers.accepted(ask.topic(), answer);
  }

  private static List<Publication> update(Handle handle, Ask ask) {
    var status = ask.body().status();
    if (status == null) {
      return List.of(ask.rejected(ErrorCode.INVALID_REQUEST, "member 'status' is missing", null));
    }
    var report =
        new Report(status, ask.body().details(), ask.body().step(), ask.body().expectedVersion());
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      var found = toUpdate(handle, ask);
      var job = found.flatMap(one -> JobTable.find(handle, one.job()));
      if (found.isEmpty() || job.isEmpty()) {
        return List.of(unknown(ask));
      }
      switch (found.get().report(report, job.get().settings().timeout(), ask.at())) {
        case Transition.Refused(var why, var detail) -> {
          return List.of(ask.rejected(code(why), detail, found.get()));
        }
        case Transition.Made(var after) -> {
          // Before the execution's row, as whoever cancels the job does it.
          boolean retried =
              job.get().settings().retries(after) && JobTable.holdInProgress(handle, after.job());
          var before = ExecutionTable.pending(handle, ask.thing());
          if (ExecutionTable.change(handle, found.get(), after)) {
            if (retried) {
              ExecutionTable.insert(handle, after.retried(ask.at()));
            }
            return updated(handle, ask, after, job.get(), before);
          }
        }
      }
    }
    return List.of(overtaken(ask));
  }

  private static Optional<Execution> toUpdate(Handle handle, Ask ask) {
    var job = ask.about().job();
    return job == null
        ? ExecutionTable.pending(handle, ask.thing()).next()
        : ExecutionTable.find(handle, job, ask.thing(), ask.body().executionNumber());
  }

  private static List<Publication> updated(
      Handle handle, Ask ask, Execution after, JobRecord job, Pending before) {
    var answer = JobAnswers.answer(ask.body().token(), ask.at());
    if (ask.body().includeState()) {
      answer.set("executionState", JobAnswers.state(after));
    }
    if (Boolean.TRUE.equals(ask.body().includeDocument())) {
      JobAnswers.document(answer, job.document());
    }
    var all = new ArrayList<Publication>();
    all.add(JobAnswers.accepted(ask.topic(), answer));
    all.addAll(notices(handle, ask, before));
    return all;
  }

  /** What the device is told besides, because the list of what it has to do changed. */
  private static List<Publication> notices(Handle handle, Ask ask, Pending before) {
    var now = ExecutionTable.pending(handle, ask.thing());
    var notices = new ArrayList<Publication>();
    if (now.listChanged(before)) {
      notices.add(JobAnswers.listChanged(ask.thing(), now, ask.at()));
    }
    if (now.nextChanged(before)) {
      notices.add(
          JobAnswers.nextChanged(
              ask.thing(), now, job -> JobTable.document(handle, job), ask.at()));
    }
    return notices;
  }

  private static ErrorCode code(Transition.Why why) {
    return switch (why) {
      case INVALID_STATE -> ErrorCode.INVALID_STATE_TRANSITION;
      case VERSION_MISMATCH -> ErrorCode.VERSION_MISMATCH;
    };
  }

  private static Publication unknown(Ask ask) {
    return ask.rejected(ErrorCode.RESOURCE_NOT_FOUND, "no such execution", null);
  }

  private static Publication overtaken(Ask ask) {
    return ask.rejected(
        ErrorCode.REQUEST_THROTTLED, "the execution changes too fast; try again later", null);
  }
}
