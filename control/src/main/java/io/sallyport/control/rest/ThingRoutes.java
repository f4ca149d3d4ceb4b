package io.sallyport.control.rest;

import io.sallyport.control.enforcement.LiveConnections;
import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.control.rest.Views.PrincipalView;
import io.sallyport.control.things.PairChange;
import io.sallyport.control.things.ThingAnswer;
import io.sallyport.control.things.Things;
import io.sallyport.identity.PrincipalKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The calls that record what conditions ask; each can change a decision. */
final class ThingRoutes {
  private final PrincipalKind kind;
  private final Things things;
  private final LiveConnections connections;

  ThingRoutes(PrincipalKind kind, Things things, LiveConnections connections) {
    this.kind = kind;
    this.things = things;
    this.connections = connections;
  }

  List<Route> routes() {
    var one = "/api/v1/" + kind.word() + "s/{id}";
    return List.of(
        Route.post(one + "/tags", Role.SECURITY, this::tag),
        Route.post(one + "/state", Role.SECURITY, this::state),
        Route.post(one + "/thing", Role.SECURITY, this::describe));
  }

  private Answer tag(Call call) {
    var body = call.body(Bodies.Tags.class);
    return answer(things.tag(target(call), change(body.set(), body.remove())));
  }

  private Answer state(Call call) {
    var body = call.body(Bodies.State.class);
    return answer(things.state(target(call), body.firmwareVersion(), body.attested()));
  }

  private Answer describe(Call call) {
    var body = call.body(Bodies.Thing.class);
    return answer(
        things.describe(
            target(call),
            body.thingType(),
            change(body.attributes(), body.remove()),
            call.flag(Call.ALLOW_BREACH)));
  }

  private Things.Target target(Call call) {
    return new Things.Target(kind, call.id("id"), call.actor());
  }

  private static PairChange change(
      @Nullable Map<String, String> set, @Nullable List<String> remove) {
    return new PairChange(
        set == null ? Map.of() : set, remove == null ? Set.of() : Set.copyOf(remove));
  }

  private Answer answer(ThingAnswer answer) {
    return switch (answer) {
      case ThingAnswer.Recorded(var principal) ->
          Answer.ok(PrincipalView.of(principal, connections.of(principal.id()), false));
      case ThingAnswer.Refused(var why, var reason, var detail) ->
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
