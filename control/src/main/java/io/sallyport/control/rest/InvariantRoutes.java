package io.sallyport.control.rest;

import io.sallyport.control.operators.Role;
import io.sallyport.control.policies.InvariantAnswer;
import io.sallyport.control.policies.InvariantAnswer.Refused;
import io.sallyport.control.policies.InvariantAnswer.Stored;
import io.sallyport.control.policies.StandingInvariants;
import io.sallyport.control.rest.Route.Answer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls about the invariants that are stored. */
final class InvariantRoutes {
  private final StandingInvariants invariants;

  InvariantRoutes(StandingInvariants invariants) {
    this.invariants = invariants;
  }

  record StoredView(Object document, @Nullable Instant setAt, String setBy) {}

  List<Route> routes() {
    var path = "/api/v1/invariants";
    return List.of(
        Route.get(path, Role.VIEWER, _ -> answer(invariants.show())),
        new Route("PUT", path, Role.SECURITY, Route.BODY_MAX, this::set),
        new Route(
            "DELETE", path, Role.SECURITY, 0, call -> answer(invariants.clear(call.actor()))));
  }

  private Answer set(Call call) {
    return answer(invariants.set(call.text(), call.actor(), call.flag(Call.ALLOW_BREACH)));
  }

  private static Answer answer(InvariantAnswer answer) {
    return switch (answer) {
      case Stored(var document, var at, var by) ->
          Answer.ok(new StoredView(Json.tree(document), at, by));
      case Refused(var malformed, var reason, var detail) ->
          throw new Problem(malformed ? 400 : 422, reason, detail);
    };
  }
}
