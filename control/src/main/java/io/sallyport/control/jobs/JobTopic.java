package io.sallyport.control.jobs;

import io.sallyport.identity.PrincipalId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request topic of the jobs MQTT API of AWS IoT.
 *
 * @param job null for the next one, and where it is about none
 */
record JobTopic(PrincipalId thing, Operation operation, @Nullable String job) {
  /** The operations of the API. */
  enum Operation {
    GET_PENDING,
    START_NEXT,
    DESCRIBE,
    UPDATE
  }

  /** The names of jobs, as on AWS IoT. */
  static final Pattern JOB_ID = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  static final List<String> FILTERS =
      List.of(
          "$aws/things/+/jobs/get",
          "$aws/things/+/jobs/start-next",
          "$aws/things/+/jobs/+/get",
          "$aws/things/+/jobs/+/update");

  private static final String NEXT = "$next";
  private static final Pattern FORM =
      Pattern.compile(
          "\\$aws/things/([a-zA-Z0-9:_-]{1,128})/jobs/(?:(get)|(start-next)"
              + "|(\\$next|[a-zA-Z0-9_-]{1,64})/(get|update))");

  static Optional<JobTopic> parse(String topic) {
    var parts = FORM.matcher(topic);
    if (!parts.matches()) {
      return Optional.empty();
    }
    var thing = new PrincipalId(parts.group(1));
    if (parts.group(2) != null) {
      return Optional.of(new JobTopic(thing, Operation.GET_PENDING, null));
    }
    if (parts.group(3) != null) {
      return Optional.of(new JobTopic(thing, Operation.START_NEXT, null));
    }
    boolean next = parts.group(4).equals(NEXT);
    boolean update = parts.group(5).equals("update");
    return Optional.of(
        new JobTopic(
            thing, update ? Operation.UPDATE : Operation.DESCRIBE, next ? null : parts.group(4)));
  }

  static String accepted(String request) {
    return request + "/accepted";
  }

  static String rejected(String request) {
    return request + "/rejected";
  }

  static String notify(String thing) {
    return "$aws/things/" + thing + "/jobs/notify";
  }

  static String notifyNext(String thing) {
    return "$aws/things/" + thing + "/jobs/notify-next";
  }
}
