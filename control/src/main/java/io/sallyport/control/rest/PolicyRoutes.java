package io.sallyport.control.rest;

import io.sallyport.control.operators.Role;
import io.sallyport.control.policies.Policies;
import io.sallyport.control.policies.PolicyAnswer;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.policy.PolicyDocument;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The calls about policies. */
final class PolicyRoutes {
  private final Policies policies;

  PolicyRoutes(Policies policies) {
    this.policies = policies;
  }

  record PutView(String name, int version) {}

  record AttachedView(String principal, List<String> policies) {}

  record ShownView(
      String name,
      int version,
      Object document,
      List<Integer> versions,
      List<String> attachments,
      List<String> groups,
      Instant createdAt) {}

  List<Route> routes() {
    var one = "/api/v1/policies/{name}";
    return List.of(
        Route.get("/api/v1/policies", Role.VIEWER, this::list),
        Route.get(one, Role.VIEWER, this::show),
        new Route("PUT", one, Role.SECURITY, PolicyDocument.BYTES_MAX, this::put),
        Route.post(one + "/attachments", Role.SECURITY, this::attach),
        new Route("DELETE", one + "/attachments/{principal}", Role.SECURITY, 0, this::detach));
  }

  private Answer list(Call call) {
    return Answer.ok(Map.of("policies", policies.list()));
  }

  private Answer show(Call call) {
    var version = call.number("version", 1, Integer.MAX_VALUE);
    return answer(
        policies.show(call.path("name"), version == null ? null : Math.toIntExact(version)));
  }

  private Answer put(Call call) {
    return answer(
        policies.put(call.path("name"), call.text(), call.actor(), call.flag(Call.ALLOW_BREACH)));
  }

  private Answer attach(Call call) {
    var principal = Bodies.required(call.body(Bodies.Attach.class).principal(), "principal");
    return answer(
        policies.attach(call.path("name"), principal, call.actor(), call.flag(Call.ALLOW_BREACH)));
  }

  private Answer detach(Call call) {
    return answer(
        policies.detach(
            call.path("name"), call.path("principal"), call.actor(), call.flag(Call.ALLOW_BREACH)));
  }

  private static Answer answer(PolicyAnswer answer) {
    return switch (answer) {
      case PolicyAnswer.Put(var name, var version, _) -> Answer.ok(new PutView(name, version));
      case PolicyAnswer.Attached(var principal, var names) ->
          Answer.ok(new AttachedView(principal, names));
      case PolicyAnswer.Shown shown ->
          Answer.ok(
              new ShownView(
                  shown.name(),
                  shown.version(),
                  Json.tree(shown.document()),
                  shown.versions(),
                  shown.attachments(),
                  shown.groups(),
                  shown.createdAt()));
      case PolicyAnswer.Refused(var why, var reason, var detail) ->
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
