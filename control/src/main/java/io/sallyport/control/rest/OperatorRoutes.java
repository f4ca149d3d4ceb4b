package io.sallyport.control.rest;

import io.sallyport.control.operators.OperatorAnswer;
import io.sallyport.control.operators.Operators;
import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.control.rest.Views.CertificateView;
import io.sallyport.control.rest.Views.CertifiedOperatorView;
import io.sallyport.control.rest.Views.OperatorView;
import io.sallyport.identity.Pem;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.issuance.Authorities;
import java.util.List;
import java.util.Map;

/** The calls about operators. */
final class OperatorRoutes {
  private final Operators operators;
  private final Authorities authorities;

  OperatorRoutes(Operators operators, Authorities authorities) {
    this.operators = operators;
    this.authorities = authorities;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/operators", Role.SECURITY, this::list),
        Route.post("/api/v1/operators", Role.SECURITY, this::enrol),
        Route.get("/api/v1/operators/{name}", Role.SECURITY, this::show),
        Route.post("/api/v1/operators/{name}/revoke", Role.SECURITY, this::revoke));
  }

  private Answer list(Call call) {
    return Answer.ok(
        Map.of(
            "operators",
            operators.all().stream().map(one -> OperatorView.of(one, false)).toList()));
  }

  private Answer show(Call call) {
    var name = call.id("name");
    return Answer.ok(
        operators
            .find(name)
            .map(operator -> OperatorView.of(operator, true))
            .orElseThrow(() -> new Problem(404, "operator-unknown", "no operator '" + name + "'")));
  }

  private Answer enrol(Call call) {
    var body = call.body(Bodies.NewOperator.class);
    var word = Bodies.required(body.role(), "role");
    var role =
        Role.ofWord(word)
            .orElseThrow(
                () ->
                    new Problem(
                        400,
                        "malformed-role",
                        "no role '" + word + "', but viewer, operator, security"));
    return answer(
        operators.enrol(
            Bodies.required(body.name(), "name"),
            role,
            Bodies.required(body.csr(), "csr"),
            call.actor()));
  }

  private Answer revoke(Call call) {
    call.emptyBody();
    var reason = RevocationReason.PRIVILEGE_WITHDRAWN;
    return answer(operators.revoke(call.path("name"), reason, call.actor()));
  }

  private Answer answer(OperatorAnswer answer) {
    return switch (answer) {
      case OperatorAnswer.Certified(var operator, var certificate) ->
          Answer.created(
              new CertifiedOperatorView(
                  operator.name().value(),
                  operator.role().word(),
                  CertificateView.of(certificate, true),
                  List.of(Pem.of(authorities.servers().certificate())),
                  authorities.anchors()));
      case OperatorAnswer.Revoked(var operator) -> Answer.ok(OperatorView.of(operator, false));
      case OperatorAnswer.Refused(var why, var reason, var detail) ->
          throw new Problem(
              switch (why) {
                case MALFORMED -> 400;
                case UNACCEPTABLE -> 422;
                case CONFLICT -> 409;
                case UNKNOWN -> 404;
              },
              reason,
              detail);
    };
  }
}
