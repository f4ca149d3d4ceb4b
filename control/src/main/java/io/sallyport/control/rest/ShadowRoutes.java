package io.sallyport.control.rest;

import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.control.shadow.JsonText;
import io.sallyport.control.shadow.ShadowAnswer;
import io.sallyport.control.shadow.ShadowDesk;
import io.sallyport.control.shadow.ShadowError;
import io.sallyport.control.shadow.ShadowId;
import io.sallyport.control.shadow.ShadowSummary;
import java.util.List;

/** The calls about the shadows of devices; {@code name} says which, as in AWS IoT's. */
final class ShadowRoutes {
  private final ShadowDesk shadows;

  ShadowRoutes(ShadowDesk shadows) {
    this.shadows = shadows;
  }

  List<Route> routes() {
    var one = "/api/v1/devices/{id}/shadow";
    return List.of(
        Route.get(one, Role.VIEWER, call -> answer(shadows.get(id(call)))),
        new Route("POST", one, Role.OPERATOR, shadows.requestMax(), this::update),
        new Route("DELETE", one, Role.OPERATOR, 0, this::delete),
        Route.get(one + "s", Role.VIEWER, this::list));
  }

  private Answer update(Call call) {
    return answer(shadows.update(id(call), call.text(), call.actor()));
  }

  private Answer delete(Call call) {
    var version = call.number("version", 1, Long.MAX_VALUE);
    return answer(shadows.delete(id(call), version, call.actor()));
  }

  private Answer list(Call call) {
    var thing = call.id("id");
    return Paging.of(
        call,
        "shadows",
        (after, limit) ->
            shadows
                .page(thing, after, limit)
                .orElseThrow(
                    () -> new Problem(404, "principal-unknown", "no device '" + thing + "'")),
        ShadowSummary::name,
        summary -> summary);
  }

  private static ShadowId id(Call call) {
    var name = call.query("name", ShadowId.CLASSIC);
    if (!ShadowId.isName(name)) {
      throw new Problem(400, "malformed-name", ShadowId.NAME_IS);
    }
    return new ShadowId(call.id("id"), name);
  }

  private static Answer answer(ShadowAnswer answer) {
    return switch (answer) {
      case ShadowAnswer.Accepted accepted ->
          Answer.bytes(JsonText.write(accepted.response()), "application/json");
      case ShadowAnswer.Rejected(var error, _) -> throw problem(error);
    };
  }

  private static Problem problem(ShadowError error) {
    return switch (error.code()) {
      case 403 -> new Problem(403, "shadow-forbidden", error.message());
      case 404 -> new Problem(404, "shadow-unknown", error.message());
      case 409 -> new Problem(409, "version-conflict", error.message());
      case 413 -> new Problem(413, "shadow-too-large", error.message());
      case 429 -> new Problem(503, "busy", "others change this shadow without a pause");
      default -> new Problem(400, "malformed-shadow", error.message());
    };
  }
}
