package io.sallyport.policy.analysis;

import io.sallyport.policy.Action;
import io.sallyport.policy.StatementRef;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.StatementView.Value;
import io.sallyport.policy.analysis.Finding.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What a device may do with the topics of another, whatever the two are called. */
final class OthersTopics {
  /** Whose a topic is by its name, wherever a policy does not say it by a variable. */
  private static final List<String> OWNED = List.of("$aws/things/{other}/#", "devices/{other}/#");

  /** Where only the server or a backend speaks. */
  private static final List<String> COMMANDS =
      List.of("$aws/things/{other}/jobs/#", "devices/{other}/commands");

  private static final String REMEDY =
      "put ${iot:Connection.Thing.ThingName} between slashes in its place";

  private final PolicyClass principals;
  private final List<StatementView> statements;
  private final Naming naming;

  /** One check: what must be empty for each name, and the action that its topics are of. */
  private record Check(String id, String how, Action action, Function<Member, Language> topics) {}

  /** A device by its rights, and the ids of all others. */
  private record Member(Rights rights, Language others, List<StatementView> statements) {
    Language written() {
      return rights.names(Action.PUBLISH);
    }

    Language readable() {
      return Filters.topics(rights.names(Action.SUBSCRIBE)).and(rights.names(Action.RECEIVE));
    }
  }

  OthersTopics(PolicyClass principals, List<StatementView> statements) {
    this.principals = principals;
    this.statements = statements;
    this.naming = new Naming(principals);
    OWNED.forEach(naming::filter);
    COMMANDS.forEach(naming::filter);
    for (var action : List.of(Action.PUBLISH, Action.SUBSCRIBE, Action.RECEIVE)) {
      naming.covered(statements, action);
    }
  }

  List<Finding> findings() {
    var open = new LinkedHashMap<String, Check>();
    checks().forEach(check -> open.put(check.id + check.how, check));
    var findings = new ArrayList<Finding>();
    var names = naming.representatives();
    for (var name : names) {
      var member = member(name, statements, Others.but(name));
      open.values().removeIf(check -> breaks(check, name, member, findings));
    }
    if (!naming.doubtful().isEmpty()) {
      unproven(names, open, findings);
    }
    return findings;
  }

  private List<Check> checks() {
    var checks = new ArrayList<Check>();
    checks.add(
        new Check(
            "POL-03", "write", Action.PUBLISH, member -> member.written().and(theirs(member))));
    for (var filter : COMMANDS) {
      checks.add(
          new Check(
              "POL-13",
              "send commands by",
              Action.PUBLISH,
              member -> member.written().and(Others.topics(filter, member.others))));
    }
    checks.add(
        new Check(
            "POL-13",
            "write the server's",
            Action.PUBLISH,
            member -> member.written().and(Names.beginningWith("$aws/events/"))));
    checks.add(
        new Check(
            "POL-04", "read", Action.RECEIVE, member -> member.readable().and(theirs(member))));
    return checks;
  }

  private Member member(String name, List<StatementView> by, Language others) {
    return new Member(principals.bare(name, by, Certainty.POSSIBLE), others, by);
  }

  private Language theirs(Member member) {
    var theirs = Language.NONE;
    for (var filter : OWNED) {
      theirs = theirs.or(Others.topics(filter, member.others));
    }
    for (var statement : statements) {
      for (var resource : statement.resources()) {
        for (var action : List.of(Action.PUBLISH, Action.RECEIVE)) {
          for (var pieces : resource.names().getOrDefault(action, List.of())) {
            if (pieces.stream().anyMatch(this::isOwnName)) {
              theirs = theirs.or(Others.topics(pieces, principals, member.others));
            }
          }
        }
      }
    }
    return theirs;
  }

  private boolean isOwnName(StatementView.Piece piece) {
    return piece instanceof Value(var name) && principals.isNamed(name);
  }

  private boolean breaks(Check check, String name, Member member, List<Finding> findings) {
    var topic = check.topics.apply(member).shortest();
    if (topic.isEmpty()) {
      return false;
    }
    var who = name.equals(Others.SELF) ? "a device" : "a device called '" + name + "'";
    findings.add(
        new Finding(
            check.id,
            Severity.ERROR,
            member.rights.allowing(check.action, topic.get()),
            who + " can " + check.how + " another's topic, for example '" + topic.get() + "'",
            REMEDY));
    return true;
  }

  /** What was not found broken, and cannot be proven either. */
  private void unproven(List<String> names, Map<String, Check> open, List<Finding> findings) {
    var widened = naming.widened(statements);
    for (var check : open.values()) {
      boolean holds =
          names.stream()
              .map(name -> member(name, widened, Others.but(name)))
              .allMatch(member -> check.topics.apply(member).isEmpty());
      if (!holds) {
        findings.add(
            new Finding(
                check.id,
                Severity.WARNING,
                List.<StatementRef>of(),
                "it cannot be proven that no device can " + check.how + " another's topic",
                naming.why()));
      }
    }
  }
}
