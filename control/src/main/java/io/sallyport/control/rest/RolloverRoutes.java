package io.sallyport.control.rest;

import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.control.rollover.Progress;
import io.sallyport.control.rollover.Rollover;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls that tell how far one CA is replaced by another. Only that: its steps are taken where
 * {@code ca/} is.
 */
final class RolloverRoutes {
  private final Rollover rollover;

  RolloverRoutes(Rollover rollover) {
    this.rollover = rollover;
  }

  record StatusView(String stage, @Nullable ProgressView progress) {}

  record ProgressView(
      String authority,
      String from,
      String to,
      int fromGeneration,
      int toGeneration,
      Instant begunAt,
      @Nullable Instant activatedAt,
      long devices,
      long trusting,
      long ready,
      long claims) {
    static ProgressView of(Progress progress) {
      return new ProgressView(
          progress.name().word(),
          progress.name().commonName(progress.from()),
          progress.name().commonName(progress.to()),
          progress.from(),
          progress.to(),
          progress.begunAt(),
          progress.activatedAt(),
          progress.present(),
          progress.trusting(),
          progress.ready(),
          progress.claims());
    }
  }

  record LateView(String id, boolean trusting) {}

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/ca/rollover", Role.VIEWER, _ -> Answer.ok(status())),
        Route.get("/api/v1/ca/rollover/not-ready", Role.VIEWER, this::late));
  }

  private StatusView status() {
    return rollover
        .progress()
        .map(progress -> new StatusView(progress.stage(), ProgressView.of(progress)))
        .orElse(new StatusView("none", null));
  }

  private Answer late(Call call) {
    return Paging.of(
        call,
        "devices",
        rollover::late,
        Rollover.Late::id,
        one -> new LateView(one.id(), one.trusts()));
  }
}
