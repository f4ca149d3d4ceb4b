package io.sallyport.control.rest;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.control.rest.Views.LedgerView;
import io.sallyport.control.rest.Views.VerdictView;
import io.sallyport.ledger.Chain;
import java.util.List;
import java.util.Map;

/** The calls about the ledger. */
final class LedgerRoutes {
  private static final int PAGE_MAX = 1_000;
  private static final long PAGE_DEFAULT = 100;

  private final LedgerStore ledger;

  LedgerRoutes(LedgerStore ledger) {
    this.ledger = ledger;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/ledger", Role.VIEWER, this::read),
        Route.post("/api/v1/ledger/verify", Role.VIEWER, this::verify));
  }

  private Answer read(Call call) {
    var last = call.number("last", 1, PAGE_MAX);
    var limit = call.number("limit", 1, PAGE_MAX);
    var after = call.number("after", 0, Long.MAX_VALUE);
    if (last != null && (limit != null || after != null)) {
      throw new Problem(400, "malformed-query", "'last' goes with neither 'after' nor 'limit'");
    }
    var records =
        last != null
            ? ledger.last(Math.toIntExact(last))
            : ledger.after(
                after == null ? 0 : after, Math.toIntExact(limit == null ? PAGE_DEFAULT : limit));
    return Answer.ok(Map.of("records", records.stream().map(LedgerView::of).toList()));
  }

  private Answer verify(Call call) {
    call.emptyBody();
    var verification = ledger.verify();
    var head = verification.head().hash().hex();
    return Answer.ok(
        switch (verification.verdict()) {
          case Chain.Intact intact -> new VerdictView(true, intact.records(), head, null, null);
          case Chain.Broken(var records, var sequence, var why) ->
              new VerdictView(false, records, head, sequence, why.text());
        });
  }
}
