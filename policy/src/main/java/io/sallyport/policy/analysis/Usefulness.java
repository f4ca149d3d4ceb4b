package io.sallyport.policy.analysis;

import io.sallyport.policy.Action;
import io.sallyport.policy.StatementRef;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.analysis.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what has no effect: nobody would miss it, but its author believes in it. */
final class Usefulness {
  private final List<StatementView> statements;
  private final PolicyClass principals;
  private final Rights rights;
  private final List<Finding> findings = new ArrayList<>();

  Usefulness(List<StatementView> statements, PolicyClass principals, Rights rights) {
    this.statements = statements;
    this.principals = principals;
    this.rights = rights;
  }

  List<Finding> findings() {
    for (var statement : statements) {
      types(statement);
      if (!principals.isDoubtful(statement) && !statement.actions().isEmpty()) {
        effect(statement);
      }
    }
    subscriptions();
    return findings;
  }

  private void types(StatementView statement) {
    for (var resource : statement.resources()) {
      if (resource.names().isEmpty() && !statement.actions().isEmpty()) {
        add(
            "POL-07",
            statement,
            "no action of it is asked of '" + resource.text() + "'",
            "Subscribe is asked of topicfilter/, Publish and Receive of topic/");
      }
    }
  }

  private void effect(StatementView statement) {
    boolean covers = false;
    boolean matters = false;
    for (var action : statement.actions()) {
      var clause = principals.clause(statement, action, Others.SELF);
      if (clause != null) {
        var without = without(statement, action);
        covers = true;
        matters |= !without.isSameAs(rights.names(action));
      }
    }
    if (!covers) {
      add("DEAD-01", statement, "it covers nothing for this kind of principal", "remove it");
    } else if (!matters) {
      useless(statement);
    }
  }

  /** Shadowed if another statement says all of it too; dead if it never had a say. */
  private void useless(StatementView statement) {
    var same = coveredBy(statement, statement.allows());
    if (same.isPresent()) {
      add(
          "DEAD-04",
          statement,
          "it is shadowed by " + same.get() + ", which says all of it",
          "remove one of the two");
      return;
    }
    var denying = statement.allows() ? coveredBy(statement, false) : Optional.<StatementRef>empty();
    var why =
        denying.isPresent()
            ? denying.get() + " denies all of it"
            : statement.allows() ? "others allow or deny all of it" : "nothing of it is allowed";
    add("DEAD-02", statement, "it changes nothing: " + why, "remove it, or say what is meant");
  }

  /**
   * A statement of this effect that covers all that the other does; of two equal ones the first.
   */
  private Optional<StatementRef> coveredBy(StatementView statement, boolean allows) {
    return statements.stream()
        .filter(other -> other.allows() == allows && !other.equals(statement))
        .filter(other -> !principals.isDoubtful(other))
        .filter(
            other ->
                statement.actions().stream()
                    .allMatch(
                        action -> covered(statement, action).isWithin(covered(other, action))))
        .map(StatementView::at)
        .findFirst();
  }

  private Language covered(StatementView statement, Action action) {
    var clause = principals.clause(statement, action, Others.SELF);
    return clause == null
        ? Language.NONE
        : Language.allowedBy(
            List.of(new Clause(clause.at(), true, clause.excluding(), clause.patterns())));
  }

  private Language without(StatementView statement, Action action) {
    var rest =
        rights.clauses(action).stream()
            .filter(clause -> !clause.at().equals(statement.at()))
            .toList();
    return Language.allowedBy(rest);
  }

  private void subscriptions() {
    var subscribed = Filters.topics(rights.names(Action.SUBSCRIBE));
    if (!subscribed.isEmpty() && subscribed.and(rights.names(Action.RECEIVE)).isEmpty()) {
      findings.add(
          new Finding(
              "DEAD-03",
              Severity.WARNING,
              List.of(),
              "nothing that it may subscribe to may be received",
              "allow iot:Receive on the topics"));
    } else {
      refused();
    }
  }

  /** A listener that decides by inclusion grants no filter of which something is withheld. */
  private void refused() {
    var filters = rights.names(Action.SUBSCRIBE);
    var withheld = Filters.topicsBelow(filters).minus(rights.names(Action.RECEIVE)).shortest();
    if (withheld.isEmpty()) {
      return;
    }
    var topic = withheld.get();
    var filter = filters.and(Filters.matchingBelow(topic)).shortest().orElse(topic);
    findings.add(
        new Finding(
            "DEAD-05",
            Severity.WARNING,
            rights.allowing(Action.SUBSCRIBE, filter),
            "the filter '"
                + filter
                + "' is refused by a strict listener: it matches '"
                + topic
                + "', which may not be received",
            "allow iot:Receive on all that the filters match, or fewer filters"));
  }

  private void add(String id, StatementView statement, String message, String remedy) {
    findings.add(new Finding(id, Severity.WARNING, List.of(statement.at()), message, remedy));
  }
}
