package io.sallyport.control.rest;

import io.sallyport.control.enforcement.ServerPins;
import io.sallyport.control.operators.Role;
import io.sallyport.control.pins.PinCalendar;
import io.sallyport.control.pins.PinSet;
import io.sallyport.control.pins.Pins;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.identity.PublicKeyHash;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls about the keys that devices know the server by. */
final class PinRoutes {
  private final Pins pins;
  private final ServerPins server;

  PinRoutes(Pins pins, ServerPins server) {
    this.pins = pins;
    this.server = server;
  }

  record KeyView(
      String use,
      String pin,
      @Nullable Instant certificateNotAfter,
      @Nullable Instant servableUntil) {}

  record SetView(
      String set,
      List<KeyView> pins,
      boolean current,
      Instant firstAt,
      Instant lastAt,
      long bundles,
      @Nullable Instant servableUntil) {}

  record PinsView(
      String set,
      List<KeyView> pins,
      List<SetView> deployed,
      boolean enforced,
      long warnBeforeSeconds,
      List<String> warnings) {}

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/pins", Role.VIEWER, _ -> answer(pins.calendar(server))),
        Route.post("/api/v1/pins/hand-outs", Role.OPERATOR, this::handOut),
        new Route("DELETE", "/api/v1/pins/deployed/{set}", Role.SECURITY, 0, this::retire));
  }

  private Answer handOut(Call call) {
    var bundles = call.body(Bodies.HandOut.class).bundles();
    var count = bundles == null ? 1 : bundles;
    if (count < 1 || count > Pins.BUNDLES_MAX) {
      throw new Problem(
          400, "malformed-bundles", "'bundles' must be 1 to " + Pins.BUNDLES_MAX + ": " + count);
    }
    if (server.present().keys().isEmpty()) {
      throw new Problem(422, "no-pins", "this process shows no key to devices");
    }
    try {
      return answer(pins.handOut(server, count, call.actor()));
    } catch (Pins.TooMany e) {
      throw new Problem(422, "too-many-pin-sets", String.valueOf(e.getMessage()));
    }
  }

  private Answer retire(Call call) {
    var set = call.path("set");
    if (!pins.retire(set, call.actor())) {
      throw new Problem(404, "pin-set-unknown", "no deployed pin set '" + set + "'");
    }
    return answer(pins.calendar(server));
  }

  private static Answer answer(PinCalendar calendar) {
    var present = calendar.present();
    var current = present.keys().stream().map(key -> new PinSet.Pin(key.use(), key.key())).toList();
    var id = PinSet.id(current);
    return Answer.ok(
        new PinsView(
            id,
            current.stream().map(pin -> view(calendar, pin)).toList(),
            calendar.deployed().stream().map(set -> view(calendar, set, id)).toList(),
            present.enforced(),
            present.warnBefore().toSeconds(),
            calendar.warnings()));
  }

  private static SetView view(PinCalendar calendar, PinSet set, String current) {
    return new SetView(
        set.id(),
        set.pins().stream().map(pin -> view(calendar, pin)).toList(),
        set.id().equals(current),
        set.firstAt(),
        set.lastAt(),
        set.bundles(),
        calendar.servableUntil(set).orElse(null));
  }

  private static KeyView view(PinCalendar calendar, PinSet.Pin pin) {
    return new KeyView(
        pin.use().word(),
        pin.key().pin(),
        certificateUntil(calendar, pin.key()),
        calendar.servableUntil(pin.key()).orElse(null));
  }

  private static @Nullable Instant certificateUntil(PinCalendar calendar, PublicKeyHash key) {
    for (var known : calendar.present().keys()) {
      if (known.key().equals(key)) {
        return known.certificateUntil();
      }
    }
    return null;
  }
}
