package io.sallyport.policy.analysis;

import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.Action;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.RequestContext;
import io.sallyport.policy.StatementRef;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.analysis.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The checks of the audit catalogue that a policy document alone can answer. */
public final class Lint {
  private static final int SCORE_MAX = 100;

  private final PolicyClass principals;
  private final List<StatementView> statements;
  private final Rights rights;
  private final List<Finding> findings = new ArrayList<>();

  /** The findings, the worst first, and 100 less the points of each, but never below 0. */
  public record Report(List<Finding> findings, int score) {
    /** The report of these findings. */
    public static Report of(List<Finding> findings) {
      var sorted =
          findings.stream().sorted((a, b) -> a.severity().compareTo(b.severity())).toList();
      int points = sorted.stream().mapToInt(one -> one.severity().points()).sum();
      return new Report(sorted, Math.max(0, SCORE_MAX - points));
    }

    /** The same report with more findings. */
    public Report with(List<Finding> more) {
      return of(Stream.concat(findings.stream(), more.stream()).toList());
    }

    /** Whether there is an error among them. */
    public boolean failed() {
      return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
    }
  }

  private Lint(PrincipalKind kind, PolicyVersion policy) {
    principals = PolicyClass.anybody(kind, PolicySet.of(List.of(policy)));
    statements = StatementView.of(policy);
    rights = principals.rights(Others.SELF);
  }

  /** Looks at a policy as one that principals of this kind have. */
  public static Report of(PrincipalKind kind, PolicyVersion policy) {
    var lint = new Lint(kind, policy);
    lint.statements.forEach(lint::wording);
    lint.findings.addAll(Wording.of(policy));
    lint.findings.addAll(new Usefulness(lint.statements, lint.principals, lint.rights).findings());
    if (kind == PrincipalKind.DEVICE) {
      lint.openConnect();
      lint.findings.addAll(new OthersTopics(lint.principals, lint.statements).findings());
    }
    lint.walkedAround();
    return Report.of(lint.findings);
  }

  /** What a statement says by itself. */
  private void wording(StatementView statement) {
    if (statement.allows()) {
      breadth(statement);
    } else {
      denial(statement);
    }
  }

  private void breadth(StatementView statement) {
    if (statement.actions().size() == Action.values().length) {
      add("POL-02", Severity.ERROR, statement, "it allows every action", "name the actions");
    }
    if (statement.resources().stream().anyMatch(one -> one.text().equals("*"))
        && !statement.excluding()) {
      add("POL-02", Severity.ERROR, statement, "it allows every resource", "name the resources");
    }
    if (statement.excluding()) {
      add(
          "POL-09",
          Severity.ERROR,
          statement,
          "an Allow with NotResource allows everything that it does not name",
          "allow what is meant, and deny the exceptions");
    }
    lastWill(statement);
    if (statement.actions().contains(Action.RETAIN_PUBLISH)) {
      add(
          "POL-12",
          Severity.INFO,
          statement,
          "it lets messages be retained: whoever subscribes later gets them too",
          "leave iot:RetainPublish out where nothing is retained");
    }
  }

  /** A Will is published when its device is gone, so a right to one should be meant. */
  private void lastWill(StatementView statement) {
    boolean named =
        statement.conditions().stream()
            .anyMatch(
                one ->
                    one.key().equals("iot:ConnectAttributes")
                        && !one.text().contains("Not")
                        && one.text().contains(RequestContext.LAST_WILL));
    if (named) {
      add(
          "POL-12",
          Severity.INFO,
          statement,
          "it lets a Will be left: it is published when the device is gone",
          "leave LastWill out where no Will is used");
    }
  }

  private void denial(StatementView statement) {
    for (var resource : statement.resources()) {
      if (holdsWildcards(resource)) {
        add(
            "POL-05",
            Severity.WARNING,
            statement,
            "'+' and '#' are plain letters in '" + resource.text() + "'",
            "write * and deny iot:Receive");
      }
      var doubtful = resource.variables().stream().filter(name -> !principals.isNamed(name));
      doubtful
          .findFirst()
          .ifPresent(
              name ->
                  add(
                      "POL-10",
                      Severity.WARNING,
                      statement,
                      "where '" + name + "' has no value, it denies every name of its type",
                      "make sure that every principal has the attribute"));
    }
  }

  private void openConnect() {
    if (rights.allows(Action.CONNECT, "somebody-else")) {
      findings.add(
          new Finding(
              "POL-01",
              Severity.ERROR,
              rights.allowing(Action.CONNECT, "somebody-else"),
              "it allows a connection under somebody else's client id",
              "allow client/${iot:Connection.Thing.ThingName}"));
    }
  }

  /** A Deny of Subscribe is about the filter's text, so another filter brings the same topics. */
  private void walkedAround() {
    var readable = Filters.topics(rights.names(Action.SUBSCRIBE)).and(rights.names(Action.RECEIVE));
    for (var statement : statements) {
      var clause = principals.clause(statement, Action.SUBSCRIBE, Others.SELF);
      if (clause == null || clause.allows() || clause.excluding()) {
        continue;
      }
      var reached = denied(statement, clause).and(readable).shortest();
      if (reached.isPresent()) {
        var topic = reached.get();
        var filter = rights.names(Action.SUBSCRIBE).and(Filters.matching(topic)).shortest();
        add(
            "POL-06",
            Severity.ERROR,
            statement,
            "'" + topic + "' still arrives by the filter '" + filter.orElse("") + "'",
            "deny iot:Receive on the topics too");
      }
    }
  }

  /** The topics that the author had in mind, but not the filters that a * happens to cover. */
  private static Language denied(StatementView statement, Clause clause) {
    var names = Language.matching(clause.patterns());
    boolean filters = statement.resources().stream().anyMatch(Lint::holdsWildcards);
    return filters ? Filters.topics(names) : names.and(Names.TOPICS);
  }

  private static boolean holdsWildcards(StatementView.Resource resource) {
    return resource.text().contains("+") || resource.text().contains("#");
  }

  private void add(
      String id, Severity severity, StatementView statement, String message, String remedy) {
    findings.add(new Finding(id, severity, List.<StatementRef>of(statement.at()), message, remedy));
  }
}
