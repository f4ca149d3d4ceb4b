package io.sallyport.control.jobs;

import io.sallyport.control.jobs.model.ExecutionStatus;
import io.sallyport.control.jobs.model.StepTimer;
import io.sallyport.control.provisioning.template.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a device asks, whatever it asks: members that the operation does not know are passed over,
 * as on AWS IoT.
 *
 * @param token reflected in the answer
 * @param details null if none are given
 */
record JobRequest(
    @Nullable String token,
    @Nullable ExecutionStatus status,
    @Nullable Map<String, String> details,
    @Nullable Long expectedVersion,
    @Nullable Long executionNumber,
    boolean includeState,
    @Nullable Boolean includeDocument,
    StepTimer step) {
  /** Bound: bytes of a request; the longest details have fewer. */
  static final int BYTES_MAX = 64 * 1024;

  /** Bound: names of details, as on AWS IoT. */
  static final int DETAILS_MAX = 10;

  /** Bound: characters of a detail. */
  static final int DETAIL_MAX = 1_024;

  /** Bound: characters of a client token. */
  static final int TOKEN_MAX = 64;

  // Bound: levels of objects and lists; what a request means has two.
  private static final int DEPTH_MAX = 8;

  private static final JsonMapper MAPPER = StrictJson.mapper(DEPTH_MAX);
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  /** Why a request means nothing. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean json;
    private final transient @Nullable String token;

    Malformed(boolean json, @Nullable String token, String message) {
      super(message, null, false, false);
      this.json = json;
      this.token = token;
    }

    /** Whether it is JSON at least. */
    boolean isJson() {
      return json;
    }

    /** The client's token, if it could be read. */
    @Nullable String token() {
      return token;
    }
  }

  /** Reads one; no bytes at all are a request that says nothing. */
  static JobRequest read(byte[] payload) throws Malformed {
    if (payload.length > BYTES_MAX) {
      throw new Malformed(false, null, "more than " + BYTES_MAX + " bytes");
    }
    var root = root(payload);
    var token = token(root);
    try {
      return new JobRequest(
          token,
          status(root.get("status")),
          details(root.get("statusDetails")),
          number(root, "expectedVersion"),
          number(root, "executionNumber"),
          Boolean.TRUE.equals(flag(root, "includeJobExecutionState")),
          flag(root, "includeJobDocument"),
          step(root.get("stepTimeoutInMinutes")));
    } catch (Invalid e) {
      throw new Malformed(true, token, String.valueOf(e.getMessage()));
    }
  }

  /** A member that is not what it must be. */
  private static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message, null, false, false);
    }
  }

  private static JsonNode root(byte[] payload) throws Malformed {
    if (payload.length == 0) {
      return MAPPER.createObjectNode();
    }
    JsonNode root;
    try {
      root = MAPPER.readTree(payload);
    } catch (JacksonException e) {
      throw new Malformed(false, null, "not JSON in UTF-8, or a member twice");
    }
    if (!root.isObject()) {
      throw new Malformed(false, null, "not a JSON object");
    }
    return root;
  }

  private static @Nullable String token(JsonNode root) throws Malformed {
    var token = root.get("clientToken");
    if (isAbsent(token)) {
      return null;
    }
    if (!token.isString() || token.asString().length() > TOKEN_MAX || !isText(token.asString())) {
      throw new Malformed(
          true, null, "'clientToken' is a text of at most " + TOKEN_MAX + " characters");
    }
    return token.asString();
  }

  private static @Nullable ExecutionStatus status(@Nullable JsonNode status) throws Invalid {
    if (status == null || status.isNull()) {
      return null;
    }
    return ExecutionStatus.of(status.isString() ? status.asString() : "")
        .filter(ExecutionStatus::isReported)
        .orElseThrow(() -> new Invalid("'status' is IN_PROGRESS, FAILED, SUCCEEDED or REJECTED"));
  }

  private static @Nullable Map<String, String> details(@Nullable JsonNode details) throws Invalid {
    if (details == null || details.isNull()) {
      return null;
    }
    if (!details.isObject() || details.size() > DETAILS_MAX) {
      throw new Invalid(
          "'statusDetails' is an object of at most " + DETAILS_MAX + " texts by their names");
    }
    var texts = new HashMap<String, String>();
    for (var member : details.properties()) {
      var value = member.getValue();
      if (!NAME.matcher(member.getKey()).matches()
          || !value.isString()
          || value.asString().length() > DETAIL_MAX
          || !isText(value.asString())) {
        throw new Invalid(
            "'statusDetails' has names of 1 to 128 characters of A-Z a-z 0-9 : _ -, and texts of"
                + " at most "
                + DETAIL_MAX
                + " without control characters");
      }
      texts.put(member.getKey(), value.asString());
    }
    return texts;
  }

  /** A whole number; some of AWS's clients for small devices write it as a text. */
  private static @Nullable Long number(JsonNode root, String name) throws Invalid {
    var value = root.get(name);
    if (isAbsent(value)) {
      return null;
    }
    if (value.isIntegralNumber() && value.canConvertToLong() && value.asLong() >= 0) {
      return value.asLong();
    }
    if (value.isString() && DIGITS.matcher(value.asString()).matches()) {
      return Long.valueOf(value.asString());
    }
    throw new Invalid("'" + name + "' is a whole number");
  }

  private static @Nullable Boolean flag(JsonNode root, String name) throws Invalid {
    var value = root.get(name);
    if (isAbsent(value)) {
      return null;
    }
    if (!value.isBoolean()) {
      throw new Invalid("'" + name + "' is true or false");
    }
    return value.asBoolean();
  }

  private static StepTimer step(@Nullable JsonNode minutes) throws Invalid {
    if (minutes == null || minutes.isNull()) {
      return new StepTimer.Kept();
    }
    if (minutes.isIntegralNumber() && minutes.canConvertToInt()) {
      int value = minutes.asInt();
      if (value == -1) {
        return new StepTimer.Discarded();
      }
      if (value >= 1 && value <= StepTimer.MINUTES_MAX) {
        return new StepTimer.Set(Duration.ofMinutes(value));
      }
    }
    throw new Invalid(
        "'stepTimeoutInMinutes' is 1 to " + StepTimer.MINUTES_MAX + ", or -1 for no such timer");
  }

  private static boolean isAbsent(@Nullable JsonNode node) {
    return node == null || node.isNull();
  }

  /** No control characters, and no half of a character (RFC 8259, 8.2). */
  private static boolean isText(String text) {
    return text.chars().noneMatch(Character::isISOControl)
        && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
