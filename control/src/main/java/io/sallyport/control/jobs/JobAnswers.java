package io.sallyport.control.jobs;

import io.sallyport.control.jobs.model.Execution;
import io.sallyport.control.jobs.model.ExecutionStatus;
import io.sallyport.control.jobs.model.Pending;
import io.sallyport.control.messaging.Publication;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** The documents that devices get: those of AWS IoT, with times in whole seconds. */
final class JobAnswers {
  /** Bound: executions in a notification, as on AWS IoT. */
  static final int NOTIFIED_MAX = 10;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private JobAnswers() {}

  /** Why a request is rejected. */
  enum ErrorCode {
    INVALID_TOPIC("InvalidTopic"),
    INVALID_JSON("InvalidJson"),
    INVALID_REQUEST("InvalidRequest"),
    INVALID_STATE_TRANSITION("InvalidStateTransition"),
    RESOURCE_NOT_FOUND("ResourceNotFound"),
    VERSION_MISMATCH("VersionMismatch"),
    INTERNAL_ERROR("InternalError"),
    REQUEST_THROTTLED("RequestThrottled"),
    TERMINAL_STATE_REACHED("TerminalStateReached");

    private final String word;

    ErrorCode(String word) {
      this.word = word;
    }
  }

  /** An answer with nothing in it but when it is from, and whose request it answers. */
  static ObjectNode answer(@Nullable String token, Instant now) {
    var answer = JSON.createObjectNode();
    if (token != null) {
      answer.put("clientToken", token);
    }
    return answer.put("timestamp", now.getEpochSecond());
  }

  static Publication accepted(String request, ObjectNode answer) {
    return publication(JobTopic.accepted(request), answer);
  }

  /**
   * A rejection.
   *
   * @param current the execution, where that helps the device to go on
   */
  static Publication rejected(
      String request,
      ErrorCode code,
      String message,
      @Nullable String token,
      @Nullable Execution current,
      Instant now) {
    var answer = answer(token, now).put("code", code.word).put("message", message);
    if (current != null) {
      answer.set("executionState", state(current));
    }
    return publication(JobTopic.rejected(request), answer);
  }

  /** Puts a document in as it is: it was JSON when it was taken. */
  static void document(ObjectNode node, String json) {
    node.putRawValue("jobDocument", new RawValue(json));
  }

  /** JobExecutionState. */
  static ObjectNode state(Execution execution) {
    var state = JSON.createObjectNode().put("status", execution.status().name());
    if (!execution.details().isEmpty()) {
      state.set("statusDetails", JSON.valueToTree(execution.details()));
    }
    return state.put("versionNumber", execution.version());
  }

  /** JobExecutionSummary. */
  static ObjectNode summary(Execution execution) {
    var summary = JSON.createObjectNode().put("jobId", execution.job());
    times(summary, execution);
    return summary
        .put("versionNumber", execution.version())
        .put("executionNumber", execution.number());
  }

  /** JobExecution, with the name of its thing. */
  static ObjectNode execution(Execution execution, @Nullable String document) {
    var whole = JSON.createObjectNode().put("jobId", execution.job());
    whole.put("thingName", execution.device());
    fill(whole, execution, document);
    return whole;
  }

  private static void fill(ObjectNode whole, Execution execution, @Nullable String document) {
    whole.put("status", execution.status().name());
    if (!execution.details().isEmpty()) {
      whole.set("statusDetails", JSON.valueToTree(execution.details()));
    }
    times(whole, execution);
    whole.put("versionNumber", execution.version()).put("executionNumber", execution.number());
    if (document != null) {
      document(whole, document);
    }
  }

  private static void times(ObjectNode node, Execution execution) {
    node.put("queuedAt", execution.queuedAt().getEpochSecond());
    if (execution.startedAt() != null) {
      node.put("startedAt", execution.startedAt().getEpochSecond());
    }
    node.put("lastUpdatedAt", execution.updatedAt().getEpochSecond());
  }

  /** What a device has to do, all of it. */
  static ObjectNode pending(Pending pending, @Nullable String token, Instant now) {
    var answer = answer(token, now);
    summaries(answer, "inProgressJobs", pending, ExecutionStatus.IN_PROGRESS);
    summaries(answer, "queuedJobs", pending, ExecutionStatus.QUEUED);
    return answer;
  }

  private static void summaries(
      ObjectNode node, String name, Pending pending, ExecutionStatus status) {
    var list = node.putArray(name);
    pending.items().stream()
        .map(Pending.Item::execution)
        .filter(execution -> execution.status() == status)
        .forEach(execution -> list.add(summary(execution)));
  }

  /** JobExecutionsChanged: the first of what a device has to do. */
  static Publication listChanged(String thing, Pending pending, Instant now) {
    var first =
        new Pending(pending.items().subList(0, Math.min(NOTIFIED_MAX, pending.items().size())));
    var jobs = JSON.createObjectNode();
    for (var status : List.of(ExecutionStatus.IN_PROGRESS, ExecutionStatus.QUEUED)) {
      if (first.items().stream().anyMatch(item -> item.execution().status() == status)) {
        summaries(jobs, status.name(), first, status);
      }
    }
    var notice = answer(null, now);
    notice.set("jobs", jobs);
    return publication(JobTopic.notify(thing), notice);
  }

  /** NextJobExecutionChanged; without an execution if there is nothing to do. */
  static Publication nextChanged(
      String thing, Pending pending, Function<String, Optional<String>> documents, Instant now) {
    var notice = answer(null, now);
    pending
        .next()
        .ifPresent(
            next -> {
              var whole = JSON.createObjectNode().put("jobId", next.job());
              fill(whole, next, documents.apply(next.job()).orElse(null));
              notice.set("execution", whole);
            });
    return publication(JobTopic.notifyNext(thing), notice);
  }

  private static Publication publication(String topic, ObjectNode document) {
    return new Publication(topic, JSON.writeValueAsBytes(document));
  }
}
