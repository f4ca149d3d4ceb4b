package io.sallyport.agent.job;

import io.sallyport.agent.duty.Again;
import io.sallyport.agent.duty.Duty;
import io.sallyport.agent.duty.Line;
import io.sallyport.agent.mqtt.Delivery;
import io.sallyport.agent.state.StateDirectory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Jobs ({@code $aws/things/<thing>/jobs}), one at a time: the next is started, its handler is found
 * by the document's {@code operation}, and what came of it is on disk before it is told, so that a
 * device which ends in between tells it again and does nothing twice.
 */
public final class Jobs implements Duty {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String FILE = "job.json";
  // Refusals that say nothing of what was asked.
  private static final Set<String> FOR_NOW = Set.of("RequestThrottled", "InternalError");
  // Bound of the field in statusDetails.
  private static final int DETAIL_MAX = 128;

  private final String prefix;
  private final StateDirectory state;
  private final Executor mailbox;
  private final Executor workers;
  private final Again going;
  private final Map<String, JobHandler> handlers = new HashMap<>();
  private @Nullable Line line;
  private ObjectNode current;
  private boolean running;

  /**
   * The jobs of that thing.
   *
   * @param mailbox where everything here is called
   * @param workers where handlers work
   */
  public Jobs(
      String thing, StateDirectory state, Executor mailbox, Executor workers, Again.Asking again) {
    this.prefix = "$aws/things/" + thing + "/jobs/";
    this.state = state;
    this.mailbox = mailbox;
    this.workers = workers;
    this.going = again.of(this::goOn);
    this.current = state.read(FILE).map(Jobs::object).orElseGet(JSON::createObjectNode);
  }

  /** Does jobs whose document has that operation. */
  public void handle(String operation, JobHandler handler) {
    handlers.put(operation, handler);
  }

  @Override
  public List<String> filters() {
    return List.of(
        prefix + "notify-next",
        prefix + "start-next/accepted",
        prefix + "start-next/rejected",
        prefix + "+/update/accepted",
        prefix + "+/update/rejected");
  }

  @Override
  public void connected(Line connected) {
    line = connected;
    goOn();
  }

  /** What came of the last one is told first, then the next is asked for. */
  private void goOn() {
    if (current.has("result")) {
      tell();
    } else {
      startNext();
    }
  }

  @Override
  public void disconnected() {
    line = null;
  }

  private void startNext() {
    if (line != null && !running) {
      going.watch(
          line.publish(prefix + "start-next", JSON.writeValueAsBytes(JSON.createObjectNode())));
    }
  }

  @Override
  public boolean take(Delivery delivery) {
    if (!delivery.topic().startsWith(prefix)) {
      return false;
    }
    try {
      var document = object(delivery.payload());
      var rest = delivery.topic().substring(prefix.length());
      if (rest.equals("notify-next")) {
        if (!document.path("execution").isEmpty() && !current.has("jobId")) {
          startNext();
        }
      } else if (rest.equals("start-next/accepted")) {
        started(document.path("execution"));
      } else if (rest.endsWith("/update/accepted") || rest.endsWith("/update/rejected")) {
        told(rest.substring(0, rest.indexOf('/')), document, rest.endsWith("accepted"));
      } else if (isForNow(document)) {
        going.later();
      } else {
        LOG.atDebug().addKeyValue("answer", document).log("no job was started");
      }
    } catch (JacksonException e) {
      LOG.atWarn().setCause(e).log("the answer about a job is not JSON");
    }
    delivery.acknowledge().run();
    return true;
  }

  private static boolean isForNow(ObjectNode refusal) {
    return FOR_NOW.contains(refusal.path("code").asString(""));
  }

  private void started(JsonNode execution) {
    going.settled();
    var id = execution.path("jobId").asString("");
    if (id.isEmpty() || running) {
      return;
    }
    var number = execution.path("executionNumber").asLong(0);
    var resumed =
        id.equals(current.path("jobId").asString(""))
            && number == current.path("executionNumber").asLong(-1);
    if (resumed && current.has("result")) {
      tell();
      return;
    }
    current = JSON.createObjectNode();
    current.put("jobId", id).put("executionNumber", number);
    current.put("versionNumber", execution.path("versionNumber").asLong(0));
    store();
    running = true;
    var document = execution.path("jobDocument");
    workers.execute(() -> work(document, resumed));
  }

  private void work(JsonNode document, boolean resumed) {
    var handler = handlers.get(document.path("operation").asString(""));
    String status;
    String detail;
    if (handler == null) {
      status = "REJECTED";
      detail = "this device has no operation '" + document.path("operation").asString("") + "'";
    } else {
      try {
        var done = handler.execute(document, resumed);
        status = done.done() ? "SUCCEEDED" : "FAILED";
        detail = done.detail();
      } catch (RuntimeException e) {
        LOG.atWarn().setCause(e).log("a job failed");
        status = "FAILED";
        detail = "it failed: " + e.getClass().getSimpleName();
      }
    }
    var result = JSON.createObjectNode();
    result.put("status", status);
    result.putObject("statusDetails").put("detail", cut(detail));
    mailbox.execute(() -> finished(result));
  }

  private static String cut(String detail) {
    if (detail.length() <= DETAIL_MAX) {
      return detail;
    }
    // Half of a character is no text that JSON can carry.
    boolean halves = Character.isHighSurrogate(detail.charAt(DETAIL_MAX - 1));
    return detail.substring(0, halves ? DETAIL_MAX - 1 : DETAIL_MAX);
  }

  private void finished(ObjectNode result) {
    running = false;
    current.set("result", result);
    store();
    LOG.atInfo()
        .addKeyValue("job", current.path("jobId").asString(""))
        .addKeyValue("status", result.path("status").asString(""))
        .log("job done");
    tell();
  }

  private void tell() {
    if (line == null) {
      return;
    }
    var update = ((ObjectNode) current.path("result")).deepCopy();
    update.put("expectedVersion", current.path("versionNumber").asLong());
    update.put("executionNumber", current.path("executionNumber").asLong());
    going.watch(
        line.publish(
            prefix + current.path("jobId").asString() + "/update", JSON.writeValueAsBytes(update)));
  }

  private void told(String id, ObjectNode answer, boolean accepted) {
    if (!id.equals(current.path("jobId").asString("")) || !current.has("result")) {
      return;
    }
    if (!accepted && isForNow(answer)) {
      going.later();
      return;
    }
    going.settled();
    if (!accepted) {
      // Timed out, cancelled or deleted meanwhile: the server's word stands.
      LOG.atWarn().addKeyValue("job", id).addKeyValue("answer", answer).log("a result is refused");
    }
    current = JSON.createObjectNode();
    state.delete(FILE);
    startNext();
  }

  private void store() {
    state.write(FILE, JSON.writeValueAsBytes(current));
  }

  private static ObjectNode object(byte[] payload) {
    return JSON.readTree(payload) instanceof ObjectNode object ? object : JSON.createObjectNode();
  }
}
