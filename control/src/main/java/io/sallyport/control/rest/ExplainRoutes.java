package io.sallyport.control.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.sallyport.control.operators.Role;
import io.sallyport.control.policies.PolicyExplainer;
import io.sallyport.control.policies.PolicyQuestion;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.Action;
import io.sallyport.policy.Decision;
import io.sallyport.policy.Explanation;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.Mode;
import io.sallyport.policy.StatementRef;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The call that explains a decision. */
final class ExplainRoutes {
  private final PolicyExplainer explainer;

  ExplainRoutes(PolicyExplainer explainer) {
    this.explainer = explainer;
  }

  record FailureView(String part, String what, List<String> expected, List<String> actual) {}

  record ConsideredView(StatementRef statement, String effect, List<FailureView> failed) {
    static ConsideredView of(Explanation.Considered considered) {
      return new ConsideredView(
          considered.statement(),
          considered.allows() ? "Allow" : "Deny",
          considered.failed().stream()
              .map(
                  failure ->
                      new FailureView(
                          failure.part().word(),
                          failure.what(),
                          failure.expected(),
                          failure.actual()))
              .toList());
    }
  }

  @JsonInclude(Include.NON_NULL)
  record ChangeView(String kind, @Nullable StatementRef statement, Object json) {
    static ChangeView of(Explanation.Change change) {
      var kind = change.statement() == null ? "add-statement" : "narrow-deny";
      return new ChangeView(kind, change.statement(), Json.tree(change.json()));
    }
  }

  @JsonInclude(Include.NON_NULL)
  record ExplanationView(
      String principal,
      String standing,
      String action,
      String name,
      String listener,
      String mode,
      boolean allowed,
      @Nullable StatementRef statement,
      String explanation,
      List<ConsideredView> considered,
      List<ChangeView> changes) {
    static ExplanationView of(PolicyExplainer.Explained explained) {
      var explanation = explained.explanation();
      return new ExplanationView(
          explained.principal().id().value(),
          Views.word(explained.principal().standing()),
          explanation.action().word(),
          explanation.name(),
          explained.listener().name(),
          word(explained.listener().mode()),
          explained.isAllowed(),
          deciding(explanation.decision()),
          explained.reason(),
          explanation.considered().stream().map(ConsideredView::of).toList(),
          explanation.changes().stream().map(ChangeView::of).toList());
    }

    private static @Nullable StatementRef deciding(Decision decision) {
      return switch (decision) {
        case Decision.Allowed(var by) -> by;
        case Decision.ExplicitlyDenied(var by) -> by;
        case Decision.ImplicitlyDenied() -> null;
      };
    }
  }

  List<Route> routes() {
    return List.of(Route.post("/api/v1/policies/explain", Role.VIEWER, this::explain));
  }

  private Answer explain(Call call) {
    var question = question(call.body(Bodies.Explain.class));
    try {
      var explained =
          explainer
              .explain(question)
              .orElseThrow(
                  () ->
                      new Problem(
                          404,
                          "principal-unknown",
                          "no device or backend '" + question.principal() + "'"));
      return Answer.ok(ExplanationView.of(explained));
    } catch (MalformedPolicy e) {
      throw new Problem(400, "malformed-fact", e.getMessage());
    }
  }

  private static PolicyQuestion question(Bodies.Explain body) {
    var principal = Bodies.required(body.principal(), "principal");
    if (!PrincipalId.isValid(principal)) {
      throw new Problem(400, "malformed-id", "an id is 1 to 128 characters of A-Z a-z 0-9 : _ -");
    }
    var action = action(Bodies.required(body.action(), "action"));
    var name = Bodies.required(body.name(), "name");
    var clientId =
        body.clientId() != null ? body.clientId() : action == Action.CONNECT ? name : principal;
    return new PolicyQuestion(
        new PrincipalId(principal),
        action,
        name,
        clientId,
        Boolean.TRUE.equals(body.retain()),
        body.mode() == null ? null : mode(body.mode()),
        body.set() == null ? Map.of() : body.set());
  }

  private static Mode mode(String word) {
    return Stream.of(Mode.values())
        .filter(mode -> word(mode).equals(word))
        .findFirst()
        .orElseThrow(() -> new Problem(400, "unknown-mode", "a mode is strict or aws-compat"));
  }

  private static String word(Mode mode) {
    return switch (mode) {
      case STRICT -> "strict";
      case AWS_COMPAT -> "aws-compat";
    };
  }

  private static Action action(String word) {
    return Stream.of(Action.values())
        .filter(action -> action.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new Problem(
                    400,
                    "unknown-action",
                    "an action is one of "
                        + Stream.of(Action.values()).map(Action::word).toList()));
  }
}
