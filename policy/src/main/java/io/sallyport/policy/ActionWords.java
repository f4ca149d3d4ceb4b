package io.sallyport.policy;

import io.sallyport.policy.MalformedPolicy.Reason;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The words that an Action can mean; a misspelt one must not pass for a rule that never applies.
 */
final class ActionWords {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9:*?]{1,128}");

  /** What AWS IoT asks of other doors than MQTT: legal to write, nothing here to decide. */
  private static final List<String> NOT_ENFORCED =
      List.of(
          "iot:AssumeRoleWithCertificate",
          "iot:DeleteConnection",
          "iot:DeleteThingShadow",
          "iot:GetRetainedMessage",
          "iot:GetThingShadow",
          "iot:ListNamedShadowsForThing",
          "iot:ListRetainedMessages",
          "iot:UpdateThingShadow",
          "iotjobsdata:DescribeJobExecution",
          "iotjobsdata:GetPendingJobExecutions",
          "iotjobsdata:StartNextPendingJobExecution",
          "iotjobsdata:UpdateJobExecution");

  private ActionWords() {}

  /** The enforced actions that the pattern covers; throws if it covers no known word. */
  static Set<Action> meantBy(Text pattern) throws MalformedPolicy {
    if (!SHAPE.matcher(pattern.value()).matches()) {
      throw pattern.refuse(Reason.ACTION, "not an action: " + pattern.quoted());
    }
    var glob = Glob.of(GlobItem.wildcards(lower(pattern.value())));
    var meant = EnumSet.noneOf(Action.class);
    for (var action : Action.values()) {
      if (covers(glob, action.word())) {
        meant.add(action);
      }
    }
    if (meant.isEmpty() && NOT_ENFORCED.stream().noneMatch(word -> covers(glob, word))) {
      throw pattern.refuse(Reason.ACTION, "no known action is meant by " + pattern.quoted());
    }
    return meant;
  }

  private static boolean covers(Glob glob, String word) {
    return glob.matches(lower(word).getBytes(StandardCharsets.UTF_8), Slots.NONE);
  }

  private static String lower(String word) {
    return word.toLowerCase(Locale.ROOT);
  }
}
