package io.sallyport.control.rest;

import io.sallyport.control.enforcement.Maintenance;
import io.sallyport.control.enforcement.Maintenance.DrainOrder;
import io.sallyport.control.enforcement.Maintenance.Reload;
import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The calls about the running process: reload it, empty it, let devices in again. */
final class MaintenanceRoutes {
  /** Bound: devices that are sent away in a second. */
  static final int RATE_MAX = 100_000;

  // A name, an address of version 4, or one of version 6 in brackets; MQTT 5, 4.11.
  private static final Pattern SERVER =
      Pattern.compile("(?=.{1,255}$)([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

  private final Maintenance maintenance;

  MaintenanceRoutes(Maintenance maintenance) {
    this.maintenance = maintenance;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/api/v1/reload", Role.SECURITY, this::reload),
        Route.get("/api/v1/drain", Role.VIEWER, _ -> Answer.ok(maintenance.drainStatus())),
        Route.post("/api/v1/drain", Role.OPERATOR, this::drain),
        Route.post("/api/v1/undrain", Role.OPERATOR, this::undrain),
        Route.get(
            "/api/v1/acme", Role.VIEWER, _ -> Answer.ok(maintenance.publicCertificateStatus())),
        Route.post("/api/v1/acme/renew", Role.SECURITY, this::renew));
  }

  private Answer renew(Call call) {
    call.emptyBody();
    if (!maintenance.renewPublicCertificate(call.actor())) {
      throw new Problem(409, "no-acme", "no ACME server is configured (acme.directory)");
    }
    return Answer.ok(maintenance.publicCertificateStatus());
  }

  private Answer reload(Call call) {
    call.emptyBody();
    return switch (maintenance.reload(call.actor())) {
      case Reload.Applied(var changed, var waiting) ->
          Answer.ok(Map.of("changed", changed, "waiting", waiting));
      case Reload.Kept(var why) -> throw new Problem(422, "reload-refused", why);
    };
  }

  private Answer drain(Call call) {
    var body = call.body(Bodies.Drain.class);
    if (body.to() != null && !SERVER.matcher(body.to()).matches()) {
      throw new Problem(400, "malformed-server", "'to' is host:port");
    }
    var moved = Boolean.TRUE.equals(body.moved());
    if (moved && body.to() == null) {
      throw new Problem(400, "member-missing", "'moved' needs 'to'");
    }
    if (body.rate() != null && (body.rate() < 1 || body.rate() > RATE_MAX)) {
      throw new Problem(400, "malformed-rate", "'rate' is 1 to " + RATE_MAX + " a second");
    }
    if (!maintenance.drain(new DrainOrder(body.to(), moved, body.rate()), call.actor())) {
      throw new Problem(409, "no-gate", "no gate is open that could be drained");
    }
    return Answer.ok(maintenance.drainStatus());
  }

  private Answer undrain(Call call) {
    call.emptyBody();
    if (!maintenance.undrain(call.actor())) {
      throw new Problem(409, "not-draining", "devices are let in already");
    }
    return Answer.ok(maintenance.drainStatus());
  }
}
