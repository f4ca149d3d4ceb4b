package io.sallyport.control.rest;

import io.sallyport.control.enforcement.SourceBans;
import io.sallyport.control.enforcement.SourceBans.SourceBan;
import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.control.rest.Views.BanView;
import io.sallyport.ledger.EventSink;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls about addresses that the gateway does not let in. */
final class BanRoutes {
  private final SourceBans bans;
  private final EventSink events;
  private final InstantSource clock;

  BanRoutes(SourceBans bans, EventSink events, InstantSource clock) {
    this.bans = bans;
    this.events = events;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/gateway/bans", Role.VIEWER, _ -> answer(bans.list())),
        Route.post("/api/v1/gateway/bans/clear", Role.OPERATOR, this::clear));
  }

  private Answer clear(Call call) {
    var cleared = cleared(call.body(Bodies.ClearBans.class).source());
    var now = clock.instant();
    for (var ban : cleared) {
      events.accept(
          SecurityEvent.of(
              now,
              EventType.SOURCE_UNBANNED,
              call.actor(),
              ban.source(),
              Map.of("reason", "cleared")));
    }
    return answer(cleared);
  }

  private List<SourceBan> cleared(@Nullable String source) {
    try {
      return bans.clear(source);
    } catch (IllegalArgumentException e) {
      throw new Problem(400, "malformed-source", String.valueOf(e.getMessage()));
    }
  }

  private Answer answer(List<SourceBan> some) {
    var now = clock.instant();
    return Answer.ok(Map.of("bans", some.stream().map(ban -> BanView.of(ban, now)).toList()));
  }
}
