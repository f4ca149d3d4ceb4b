package io.sallyport.policy.analysis;

import io.sallyport.policy.Action;
import io.sallyport.policy.StatementRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether a principal can ever read or write a topic, by whatever it may subscribe to. */
public final class Reach {
  /** Bound: the longest topic, which bounds the automata of the filters that match it. */
  public static final int TOPIC_LENGTH_MAX = 1_024;

  /** Where no client publishes, whatever its policy says: the gate keeps these to itself. */
  static final Set<String> RESERVED = Set.of("$SYS", "$share", "$aws/events");

  private static final Language UNRESERVED = withoutReserved();

  private Reach() {}

  private static Language withoutReserved() {
    var rest = Names.TOPICS;
    for (var prefix : RESERVED) {
      rest = rest.minus(Names.only(prefix)).minus(Names.beginningWith(prefix + "/"));
    }
    return rest;
  }

  /** The answer for one principal. */
  public sealed interface Answer {
    /**
     * It can.
     *
     * @param filter a shortest filter that brings the topic, or the empty string for a write
     * @param by the statements that allow it, from CONNECT on
     * @param when the facts under which it can, in words; none where no condition stands in its way
     */
    record Possible(String filter, List<StatementRef> by, List<String> when) implements Answer {}

    /** It never can, and this is where it ends. */
    record Impossible(String why) implements Answer {}
  }

  /** Whether the text can be asked about at all. */
  public static boolean isTopic(String topic) {
    return topic.length() <= TOPIC_LENGTH_MAX && Names.TOPICS.contains(topic);
  }

  /** The answer for the member of this name. */
  public static Answer of(PolicyClass principals, String name, Access access, String topic) {
    if (!isTopic(topic)) {
      throw new IllegalArgumentException("not a topic: '" + topic + "'");
    }
    var statements = Rights.statements(principals.policies());
    var sessions = Circumstances.of(principals, name, statements);
    Answer never = new Answer.Impossible("its conditions never hold together");
    for (var session : sessions) {
      var question = new ReachQuestion(principals, name, access, topic, statements, session);
      var answer = question.answer();
      if (answer instanceof Answer.Possible) {
        return answer;
      }
      never = answer;
    }
    // Without regard to conditions there may be a plainer reason.
    var plain = of(principals.rights(name), name, access, topic);
    return plain instanceof Answer.Possible ? never : plain;
  }

  static Answer of(Rights rights, String name, Access access, String topic) {
    var clientId = clientId(rights, name);
    if (clientId.isEmpty()) {
      return new Answer.Impossible("it may not connect: " + because(rights, Action.CONNECT, name));
    }
    var by = new ArrayList<>(rights.allowing(Action.CONNECT, clientId.getFirst()));
    return access == Access.WRITE ? write(rights, topic, by) : read(rights, rights, topic, by);
  }

  static List<String> clientId(Rights rights, String name) {
    if (rights.allows(Action.CONNECT, name)) {
      return List.of(name);
    }
    var own = Names.only(name).or(Names.beginningWith(name + ":"));
    return rights.names(Action.CONNECT).and(own).shortest().stream().toList();
  }

  static Answer write(Rights rights, String topic, List<StatementRef> by) {
    if (isReserved(topic)) {
      return new Answer.Impossible("no client publishes there, whatever its policy says");
    }
    if (!rights.allows(Action.PUBLISH, topic)) {
      return new Answer.Impossible(
          "it may not publish there: " + because(rights, Action.PUBLISH, topic));
    }
    by.addAll(rights.allowing(Action.PUBLISH, topic));
    return new Answer.Possible("", distinct(by), List.of());
  }

  static Answer read(Rights subscribing, Rights rights, String topic, List<StatementRef> by) {
    if (!rights.allows(Action.RECEIVE, topic)) {
      return new Answer.Impossible(
          "it may not receive from there: " + because(rights, Action.RECEIVE, topic));
    }
    var filters = subscribing.names(Action.SUBSCRIBE).and(Filters.matching(topic));
    var filter = filters.shortest();
    if (filter.isEmpty()) {
      return new Answer.Impossible("it may not subscribe to any filter that matches it");
    }
    by.addAll(subscribing.allowing(Action.SUBSCRIBE, filter.get()));
    by.addAll(rights.allowing(Action.RECEIVE, topic));
    return new Answer.Possible(filter.get(), distinct(by), List.of());
  }

  private static List<StatementRef> distinct(List<StatementRef> statements) {
    return statements.stream().distinct().toList();
  }

  static String because(Rights rights, Action action, String name) {
    var denying = rights.denying(action, name);
    return denying.isEmpty() ? "no statement allows it" : "denied by " + denying.getFirst();
  }

  static boolean mayConnect(Rights rights, String name) {
    return !clientId(rights, name).isEmpty();
  }

  /** The topics that a client may publish to as far as the gate is concerned. */
  static Language unreserved() {
    return UNRESERVED;
  }

  static boolean isReserved(String topic) {
    return RESERVED.stream()
        .anyMatch(prefix -> topic.equals(prefix) || topic.startsWith(prefix + "/"));
  }
}
