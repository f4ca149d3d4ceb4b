package io.sallyport.cli.jobs;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Terminal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The options that say whom a job is for and how it is done. */
final class JobSettings {
  // Bound: bytes of a file with settings; the server takes no more.
  private static final int BYTES_MAX = 512 * 1024;

  @Option(names = "--device", paramLabel = "ID", description = "For this device; may be repeated.")
  private List<String> devices = List.of();

  @Option(
      names = "--group",
      paramLabel = "NAME",
      description = "For the devices of this group; may be repeated.")
  private List<String> groups = List.of();

  @Option(names = "--type", paramLabel = "TYPE", description = "For devices of this thing type.")
  private @Nullable String type;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "For devices whose ids begin so.")
  private @Nullable String prefix;

  @Option(
      names = "--attribute",
      paramLabel = "NAME=VALUE",
      description = "For devices with this attribute; may be repeated.")
  private Map<String, String> attributes = Map.of();

  @Option(
      names = "--tag",
      paramLabel = "NAME=VALUE",
      description = "For devices with this tag; may be repeated.")
  private Map<String, String> tags = Map.of();

  @Option(
      names = "--continuous",
      description = "Also for those who become targets later, until the job is cancelled.")
  private boolean continuous;

  @Option(
      names = "--per-minute",
      paramLabel = "N",
      description = "Give it to so many devices a minute, 1 to 1000; default: 1000.")
  private @Nullable Integer perMinute;

  @Option(
      names = "--timeout",
      paramLabel = "MINUTES",
      description = "A device that has begun must be done after that.")
  private @Nullable Integer timeout;

  @Option(
      names = "--retries",
      paramLabel = "N",
      description = "Try so often again what fails or times out, up to 10.")
  private @Nullable Integer retries;

  @Option(
      names = "--abort-percent",
      paramLabel = "PERCENT",
      description = "Cancel the job when so many of those that are done came to a bad end.")
  private @Nullable Double abortPercent;

  @Option(
      names = "--abort-after",
      paramLabel = "N",
      description = "But not before so many are done; default: 10.")
  private @Nullable Integer abortAfter;

  @Option(
      names = "--settings",
      paramLabel = "FILE",
      description =
          "Everything else, as JSON with the members of AWS IoT's CreateJob; - for the standard"
              + " input. Options take the place of what it says.")
  private @Nullable String settings;

  private static final int ABORT_AFTER = 10;

  /** The body of the call that makes the job. */
  ObjectNode body(Terminal terminal) {
    var body =
        settings == null
            ? Json.mapper().createObjectNode()
            : object(InputFile.read(settings, BYTES_MAX, terminal).text(), settings);
    targets(body);
    if (continuous) {
      body.put("targetSelection", "CONTINUOUS");
    }
    if (perMinute != null) {
      body.putObject("jobExecutionsRolloutConfig").put("maximumPerMinute", perMinute);
    }
    if (timeout != null) {
      body.putObject("timeoutConfig").put("inProgressTimeoutInMinutes", timeout);
    }
    if (retries != null) {
      body.putObject("jobExecutionsRetryConfig")
          .putArray("criteriaList")
          .addObject()
          .put("failureType", "ALL")
          .put("numberOfRetries", retries);
    }
    if (abortPercent != null) {
      body.putObject("abortConfig")
          .putArray("criteriaList")
          .addObject()
          .put("failureType", "ALL")
          .put("action", "CANCEL")
          .put("thresholdPercentage", abortPercent)
          .put("minNumberOfExecutedThings", abortAfter == null ? ABORT_AFTER : abortAfter);
    } else if (abortAfter != null) {
      throw Failure.badInput("--abort-after needs --abort-percent");
    }
    return body;
  }

  private void targets(ObjectNode body) {
    boolean query = type != null || prefix != null || !attributes.isEmpty() || !tags.isEmpty();
    if (devices.isEmpty() && groups.isEmpty() && !query) {
      if (!body.has("targets")) {
        throw Failure.badInput(
            "for whom is the job? Say --device, --group, --type, --prefix, --attribute or --tag");
      }
      return;
    }
    var targets = body.putObject("targets");
    if (!devices.isEmpty()) {
      devices.forEach(targets.putArray("devices")::add);
    }
    if (!groups.isEmpty()) {
      groups.forEach(targets.putArray("groups")::add);
    }
    if (query) {
      var conditions = targets.putObject("query");
      if (type != null) {
        conditions.put("type", type);
      }
      if (prefix != null) {
        conditions.put("prefix", prefix);
      }
      if (!attributes.isEmpty()) {
        conditions.set("attributes", Json.mapper().valueToTree(attributes));
      }
      if (!tags.isEmpty()) {
        conditions.set("tags", Json.mapper().valueToTree(tags));
      }
    }
  }

  /** A JSON object of a file. */
  static ObjectNode object(String text, String file) {
    JsonNode node;
    try {
      node = Json.mapper().readTree(text);
    } catch (JacksonException e) {
      throw Failure.badInput("'" + file + "' is not JSON");
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw Failure.badInput("'" + file + "' is not a JSON object");
  }
}
