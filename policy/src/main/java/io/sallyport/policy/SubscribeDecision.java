package io.sallyport.policy;

/** The answer to one filter of a SUBSCRIBE; closed, so that every caller thinks of each outcome. */
public sealed interface SubscribeDecision {
  /** It may be subscribed to, by the last statement that was needed for it. */
  record Granted(Decision decision) implements SubscribeDecision {}

  /**
   * The filter or its group is not allowed.
   *
   * @param action {@code iot:Subscribe} or {@code sallyport:ShareGroup}
   */
  record Refused(Action action, String name, Decision decision) implements SubscribeDecision {}

  /**
   * The filter is allowed, but not all that it matches may be received.
   *
   * @param topic a shortest one of those topics
   * @param decision what would be said of a message there
   */
  record NotReceivable(String filter, String topic, Decision decision)
      implements SubscribeDecision {}

  /** The filter is allowed, but what it matches could not be looked through within the bound. */
  record TooComplex(String filter) implements SubscribeDecision {}

  /** Whether the filter may be subscribed to. */
  default boolean isGranted() {
    return this instanceof Granted;
  }

  /** The reason for an operator's eyes; never sent to a device. */
  default String explanation() {
    return switch (this) {
      case Granted(var decision) -> decision.explanation();
      case Refused(_, _, var decision) -> decision.explanation();
      case NotReceivable(var filter, var topic, var decision) ->
          matches(filter, topic) + ": " + decision.explanation();
      case TooComplex(var filter) ->
          "too complex: whether all that '"
              + filter
              + "' matches may be received takes more than "
              + Inclusion.STEPS_MAX
              + " steps";
    };
  }

  /** The same without anything that a device chose: equal causes can be counted together. */
  default String cause() {
    return switch (this) {
      case Granted _, Refused _ -> explanation();
      case NotReceivable(_, _, var decision) ->
          "not all of it may be received" + ": " + decision.explanation();
      case TooComplex _ -> "too complex";
    };
  }

  /** The same with what came nearest to another answer, on one line. */
  default String trace(SessionPolicy policy) {
    return switch (this) {
      case Granted _, TooComplex _ -> explanation();
      case Refused(var action, var name, _) -> policy.explain(action, name).trace();
      case NotReceivable(var filter, var topic, _) ->
          matches(filter, topic) + ": " + policy.explain(Action.RECEIVE, topic).trace();
    };
  }

  /** What decided it, looked at statement by statement; of a granted filter the filter itself. */
  default Explanation explain(SessionPolicy policy, String filter) {
    var parts = SharedFilter.of(filter);
    return switch (this) {
      case Granted _ when parts.group() != null ->
          policy.explain(Action.SHARE_GROUP, parts.group());
      case Granted _, TooComplex _ -> policy.explain(Action.SUBSCRIBE, parts.filter());
      case Refused(var action, var name, _) -> policy.explain(action, name);
      case NotReceivable(_, var topic, _) -> policy.explain(Action.RECEIVE, topic);
    };
  }

  private static String matches(String filter, String topic) {
    return filter.equals(topic)
        ? "'" + topic + "' may not be received"
        : "'" + filter + "' matches '" + topic + "', which may not be received";
  }
}
