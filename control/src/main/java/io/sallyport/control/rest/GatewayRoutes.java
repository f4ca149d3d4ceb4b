package io.sallyport.control.rest;

import io.sallyport.control.gateways.Peers;
import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.control.rest.Views.PeerView;
import io.sallyport.ledger.EventSink;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The calls about the gateways that share this registry. */
final class GatewayRoutes {
  private final Peers peers;
  private final EventSink events;
  private final InstantSource clock;

  GatewayRoutes(Peers peers, EventSink events, InstantSource clock) {
    this.peers = peers;
    this.events = events;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/gateways", Role.VIEWER, _ -> Answer.ok(list())),
        Route.post("/api/v1/gateways/{name}/forget", Role.OPERATOR, this::forget));
  }

  private Map<String, Object> list() {
    var all = peers.all();
    return Map.of(
        "head",
        all.head(),
        "gateways",
        all.gateways().stream().map(gateway -> PeerView.of(gateway, all)).toList());
  }

  private Answer forget(Call call) {
    var name = call.path("name");
    if (!peers.forget(name)) {
      throw new Problem(
          409, "gateway-not-gone", "there is no gateway '" + name + "' that is stopped or lost");
    }
    events.accept(
        SecurityEvent.of(
            clock.instant(), EventType.GATEWAY_FORGOTTEN, call.actor(), name, Map.of()));
    return Answer.ok(list());
  }
}
