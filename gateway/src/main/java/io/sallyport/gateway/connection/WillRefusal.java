package io.sallyport.gateway.connection;

import io.sallyport.policy.Action;
import io.sallyport.policy.SessionPolicy;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Why a will may not be left or published, for an operator's eyes.
 *
 * @param missing the right that is missing, or null if nobody has one there
 */
record WillRefusal(String why, String topic, @Nullable Action missing) {
  /** The refusal, or null if the will may be left and published. */
  static @Nullable WillRefusal of(SessionPolicy policy, byte[] topic, boolean retain) {
    var name = new String(topic, StandardCharsets.UTF_8);
    if (ReservedTopics.contains(topic)) {
      return new WillRefusal("will: '" + name + "' is reserved for the server", name, null);
    }
    var refusal = of(policy, Action.PUBLISH, name);
    return refusal == null && retain ? of(policy, Action.RETAIN_PUBLISH, name) : refusal;
  }

  private static @Nullable WillRefusal of(SessionPolicy policy, Action action, String name) {
    var decision = policy.decide(action, name);
    return decision.isAllowed()
        ? null
        : new WillRefusal("will on '" + name + "': " + decision.explanation(), name, action);
  }

  /** How the policies came to it. */
  String trace(SessionPolicy policy) {
    return missing == null ? why : policy.explain(missing, topic).trace();
  }
}
