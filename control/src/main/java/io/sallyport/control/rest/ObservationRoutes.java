package io.sallyport.control.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.sallyport.control.observation.ObservationAnswer;
import io.sallyport.control.observation.Observations;
import io.sallyport.control.observation.Recorder;
import io.sallyport.control.observation.Suggestions;
import io.sallyport.control.observation.UnusedRights;
import io.sallyport.control.operators.Role;
import io.sallyport.control.registry.Scope;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.policy.Action;
import io.sallyport.policy.suggestion.Evidence;
import io.sallyport.policy.suggestion.Suggester;
import io.sallyport.policy.suggestion.Suggestion;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls about what was seen: observations, suggestions, and rights that nobody uses. */
final class ObservationRoutes {
  private static final int DISTINCT_MAX = 1_000;
  private static final long DAY_SECONDS = 86_400;

  private final Observations observations;
  private final Suggestions suggestions;
  private final UnusedRights unused;
  private final InstantSource clock;

  ObservationRoutes(
      Observations observations,
      Suggestions suggestions,
      UnusedRights unused,
      InstantSource clock) {
    this.observations = observations;
    this.suggestions = suggestions;
    this.unused = unused;
    this.clock = clock;
  }

  record DenialView(String principal, String action, String name, long count, Instant last) {}

  record ShownView(
      String scope,
      String name,
      List<String> proposed,
      Instant startedAt,
      String startedBy,
      long principals,
      long uses,
      long denied,
      List<DenialView> denials) {
    static ShownView of(ObservationAnswer.Shown shown) {
      return new ShownView(
          shown.scope(),
          shown.name(),
          shown.proposed(),
          shown.startedAt(),
          shown.startedBy(),
          shown.principals(),
          shown.uses(),
          shown.denied(),
          shown.denials().stream()
              .map(
                  one ->
                      new DenialView(
                          one.principal(),
                          one.action().word(),
                          one.name(),
                          one.count(),
                          one.last()))
              .toList());
    }
  }

  @JsonInclude(Include.NON_NULL)
  record EvidenceView(
      String resource,
      String basis,
      long count,
      List<String> principals,
      @Nullable Instant first,
      @Nullable Instant last) {
    static EvidenceView of(String resource, Evidence evidence) {
      return new EvidenceView(
          resource,
          evidence.basis(),
          evidence.count(),
          evidence.principals().stream().sorted().toList(),
          evidence.first(),
          evidence.last());
    }
  }

  record StatementView(String sid, List<String> actions, List<EvidenceView> resources) {
    static StatementView of(Suggestion.Statement statement) {
      return new StatementView(
          statement.sid(),
          statement.actions().stream().map(Action::word).toList(),
          statement.resources().entrySet().stream()
              .map(entry -> EvidenceView.of(entry.getKey(), entry.getValue()))
              .toList());
    }
  }

  record SuggestionView(Object document, List<StatementView> statements, List<String> remarks) {}

  List<Route> routes() {
    var all = "/api/v1/observations";
    var one = all + "/{scope}/{name}";
    return List.of(
        Route.get(all, Role.VIEWER, this::list),
        Route.get(one, Role.VIEWER, call -> answer(observations.show(scope(call)))),
        new Route("PUT", one, Role.SECURITY, Route.BODY_MAX, this::start),
        new Route("DELETE", one, Role.SECURITY, 0, this::stop),
        Route.post(one + "/enforce", Role.SECURITY, this::enforce),
        Route.get(one + "/suggestion", Role.VIEWER, this::suggest),
        Route.get("/api/v1/analysis/unused", Role.VIEWER, this::unused));
  }

  private Answer list(Call call) {
    return Answer.ok(
        Map.of("observations", observations.list().stream().map(ShownView::of).toList()));
  }

  private Answer start(Call call) {
    var policies = call.body(Bodies.Observe.class).policies();
    return answer(
        observations.start(scope(call), policies == null ? List.of() : policies, call.actor()));
  }

  private Answer stop(Call call) {
    return answer(observations.stop(scope(call), call.actor()));
  }

  private Answer enforce(Call call) {
    var anyway = call.body(Bodies.Enforce.class).anyway();
    return answer(
        observations.enforce(
            scope(call), anyway != null && anyway, call.actor(), call.flag(Call.ALLOW_BREACH)));
  }

  private Answer suggest(Call call) {
    var scope = scope(call);
    var distinct = call.number("distinct", Suggester.DISTINCT_MIN, DISTINCT_MAX);
    try {
      var suggestion =
          suggestions
              .suggest(
                  scope,
                  clock.instant().minus(window(call)),
                  distinct == null ? Suggester.DISTINCT_DEFAULT : Math.toIntExact(distinct))
              .orElseThrow(() -> unknown(scope));
      return Answer.ok(
          new SuggestionView(
              Json.tree(suggestion.document()),
              suggestion.statements().stream().map(StatementView::of).toList(),
              suggestion.remarks()));
    } catch (Suggestions.Unanswerable e) {
      throw new Problem(409, e.reason(), String.valueOf(e.getMessage()));
    } catch (Suggestion.TooLarge e) {
      throw new Problem(422, "too-large", String.valueOf(e.getMessage()));
    }
  }

  private Answer unused(Call call) {
    var window = window(call);
    var policy = call.query("policy", "");
    var principal = call.query("principal", "");
    var group = call.query("group", "");
    if (List.of(policy, principal, group).stream().filter(name -> !name.isEmpty()).count() > 1) {
      throw new Problem(
          400, "malformed-query", "'policy', 'principal' and 'group' exclude each other");
    }
    List<UnusedRights.Policy> found;
    if (!policy.isEmpty()) {
      found =
          List.of(
              unused
                  .of(policy, window)
                  .orElseThrow(
                      () -> new Problem(404, "policy-unknown", "no policy '" + policy + "'")));
    } else if (!principal.isEmpty() || !group.isEmpty()) {
      var scope = group.isEmpty() ? Scope.principal(principal) : Scope.group(group);
      found = unused.of(scope, window).orElseThrow(() -> unknown(scope));
    } else {
      found = unused.ofAll(window);
    }
    return Answer.ok(Map.of("policies", found));
  }

  /** How far back it is looked. */
  private static Duration window(Call call) {
    var seconds = call.number("seconds", 1, Recorder.KEPT.toSeconds());
    return Duration.ofSeconds(seconds == null ? 7 * DAY_SECONDS : seconds);
  }

  private static Scope scope(Call call) {
    var name = call.path("name");
    return switch (call.path("scope")) {
      case "principal" -> Scope.principal(name);
      case "group" -> Scope.group(name);
      default -> throw new Problem(404, "scope-unknown", "a scope is 'principal' or 'group'");
    };
  }

  private static Problem unknown(Scope scope) {
    return new Problem(404, scope.kind().word() + "-unknown", "there is no " + scope);
  }

  private static Answer answer(ObservationAnswer answer) {
    return switch (answer) {
      case ObservationAnswer.Shown shown -> Answer.ok(ShownView.of(shown));
      case ObservationAnswer.Stopped stopped -> Answer.ok(stopped);
      case ObservationAnswer.Enforced enforced -> Answer.ok(enforced);
      case ObservationAnswer.Refused(var why, var reason, var detail) ->
          throw new Problem(
              switch (why) {
                case MALFORMED -> 400;
                case UNKNOWN -> 404;
                case CONFLICT -> 409;
                case BREACH -> 422;
              },
              reason,
              detail);
    };
  }
}
