package io.sallyport.control.jobs;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.control.jobs.JobRequest.Malformed;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Any topic and any bytes are a request, or a refusal that says why and can be written. */
class JobRequestFuzz {
  /** Up to the first line break it is a topic, then a payload. */
  @FuzzTest
  void everyRequestIsReadOrRefused(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.indexOf('\n');
    var topic = JobTopic.parse(text.substring(0, Math.max(0, end)));
    if (topic.isPresent()
        && topic.get().job() != null
        && !JobTopic.JOB_ID.matcher(topic.get().job()).matches()) {
      throw new AssertionError("a job's name that no job has");
    }
    var payload = text.substring(end + 1).getBytes(StandardCharsets.UTF_8);
    try {
      var request = JobRequest.read(payload);
      if (request.status() != null && !request.status().isReported()) {
        throw new AssertionError("a status that is not a device's to say");
      }
      var details = request.details();
      if (details != null && details.size() > JobRequest.DETAILS_MAX) {
        throw new AssertionError("more details than their bound");
      }
      check(request.token());
    } catch (Malformed e) {
      if (String.valueOf(e.getMessage()).isBlank()) {
        throw new AssertionError("a refusal without a reason", e);
      }
      check(e.token());
    }
  }

  private static void check(@Nullable String token) {
    if (token != null
        && (token.length() > JobRequest.TOKEN_MAX
            || !StandardCharsets.UTF_8.newEncoder().canEncode(token))) {
      throw new AssertionError("a token that cannot come back");
    }
  }
}
