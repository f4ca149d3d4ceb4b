package io.sallyport.control.rest;

import io.sallyport.control.operators.Role;
import io.sallyport.control.policies.FleetAnalysis;
import io.sallyport.control.policies.StandingInvariants;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.policy.StatementRef;
import io.sallyport.policy.analysis.Access;
import io.sallyport.policy.analysis.FleetReach;
import io.sallyport.policy.analysis.Invariant;
import io.sallyport.policy.analysis.PolicyClass;
import io.sallyport.policy.analysis.Reach;
import io.sallyport.policy.analysis.TooComplex;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The calls that reason about what the fleet could do. */
final class AnalysisRoutes {
  private final FleetAnalysis fleet;
  private final StandingInvariants standing;

  AnalysisRoutes(FleetAnalysis fleet, StandingInvariants standing) {
    this.fleet = fleet;
    this.standing = standing;
  }

  record AnswerView(
      boolean possible, String filter, List<String> statements, String why, List<String> when) {}

  record NamedView(String principal, AnswerView answer) {}

  record ClassView(
      String kind,
      List<String> policies,
      long members,
      boolean restricted,
      AnswerView others,
      List<NamedView> named) {}

  record ReachView(String topic, String access, List<ClassView> classes) {}

  record BreachView(
      String kind,
      List<String> policies,
      String principal,
      String topic,
      String filter,
      List<String> when) {}

  record UnprovenView(String kind, List<String> policies, String why) {}

  record InvariantView(
      String name, boolean holds, List<BreachView> breaches, List<UnprovenView> unproven) {}

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/analysis/reach", Role.VIEWER, this::reach),
        Route.get(
            "/api/v1/analysis/invariants", Role.VIEWER, _ -> proved(standing.show().document())),
        Route.post("/api/v1/analysis/invariants", Role.VIEWER, call -> proved(call.text())));
  }

  private Answer reach(Call call) {
    var topic = call.query("topic", "");
    if (!Reach.isTopic(topic)) {
      throw new Problem(
          400,
          "malformed-topic",
          "'topic' is a topic without wildcards of at most " + Reach.TOPIC_LENGTH_MAX);
    }
    var access =
        switch (call.query("access", "")) {
          case "read" -> Access.READ;
          case "write" -> Access.WRITE;
          default -> throw new Problem(400, "malformed-query", "'access' is 'read' or 'write'");
        };
    var principal = call.query("principal", "");
    var classes =
        bounded(
            () ->
                principal.isEmpty()
                    ? fleet.classes().stream().map(one -> reached(one, access, topic)).toList()
                    : List.of(reached(principal, access, topic)));
    return Answer.ok(new ReachView(topic, access.name().toLowerCase(Locale.ROOT), classes));
  }

  private ClassView reached(PolicyClass principals, Access access, String topic) {
    var result = FleetReach.of(principals, access, topic);
    var named = new ArrayList<NamedView>();
    for (var name : fleet.existing(principals, result.named().keySet())) {
      var answer = result.named().get(name);
      if (answer != null) {
        named.add(new NamedView(name, view(answer)));
      }
    }
    return view(principals, result.restricted(), result.others(), named);
  }

  private ClassView reached(String principal, Access access, String topic) {
    var principals =
        fleet
            .classOf(principal)
            .orElseThrow(
                () ->
                    new Problem(404, "principal-unknown", "nobody of that name, or it is revoked"));
    return view(principals, false, Reach.of(principals, principal, access, topic), List.of());
  }

  private static ClassView view(
      PolicyClass principals, boolean restricted, Reach.Answer others, List<NamedView> named) {
    return new ClassView(
        kind(principals),
        policies(principals),
        principals.members(),
        restricted,
        view(others),
        named);
  }

  private static AnswerView view(Reach.Answer answer) {
    return switch (answer) {
      case Reach.Answer.Possible(var filter, var by, var when) ->
          new AnswerView(true, filter, by.stream().map(StatementRef::toString).toList(), "", when);
      case Reach.Answer.Impossible(var why) -> new AnswerView(false, "", List.of(), why, List.of());
    };
  }

  private Answer proved(String document) {
    List<Invariant> invariants;
    try {
      invariants = Invariant.parse(document);
    } catch (Invariant.Malformed e) {
      throw new Problem(400, "malformed-invariants", String.valueOf(e.getMessage()));
    }
    var classes = bounded(fleet::classes);
    var views =
        bounded(() -> invariants.stream().map(invariant -> proved(invariant, classes)).toList());
    return Answer.ok(Map.of("invariants", views));
  }

  private static InvariantView proved(Invariant invariant, List<PolicyClass> classes) {
    var breaches = new ArrayList<BreachView>();
    var unproven = new ArrayList<UnprovenView>();
    for (var principals : classes) {
      switch (invariant.verdict(principals)) {
        case Invariant.Verdict.Holds() -> {
          // Of a proof there is nothing to tell.
        }
        case Invariant.Verdict.Broken(var breach) ->
            breaches.add(
                new BreachView(
                    kind(principals),
                    policies(principals),
                    breach.principal(),
                    breach.topic(),
                    breach.filter(),
                    breach.when()));
        case Invariant.Verdict.Unproven(var why) ->
            unproven.add(new UnprovenView(kind(principals), policies(principals), why));
      }
    }
    boolean holds = breaches.isEmpty() && unproven.isEmpty();
    return new InvariantView(invariant.name(), holds, breaches, unproven);
  }

  private static String kind(PolicyClass principals) {
    return principals.kind().name().toLowerCase(Locale.ROOT);
  }

  private static List<String> policies(PolicyClass principals) {
    return principals.policies().policies().stream()
        .map(policy -> policy.name() + " v" + policy.version())
        .toList();
  }

  /** Beyond a bound there is no answer, and no answer is a no. */
  private static <T> T bounded(Supplier<T> analysis) {
    try {
      return analysis.get();
    } catch (TooComplex | FleetAnalysis.TooManyClasses e) {
      throw new Problem(422, "too-complex", String.valueOf(e.getMessage()));
    }
  }
}
