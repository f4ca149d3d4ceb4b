package io.sallyport.control.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.sallyport.control.batches.BatchAnswer;
import io.sallyport.control.batches.BatchMember;
import io.sallyport.control.batches.BatchRecord;
import io.sallyport.control.batches.Batches;
import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.identity.RevocationReason;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls about batches; who may revoke one device may kill a batch. */
final class BatchRoutes {
  private final Batches batches;

  BatchRoutes(Batches batches) {
    this.batches = batches;
  }

  @JsonInclude(Include.NON_NULL)
  record BatchStateView(
      String name,
      String state,
      long wanted,
      long members,
      String createdBy,
      Instant createdAt,
      String changedBy,
      Instant changedAt,
      @Nullable String reason,
      @Nullable Long remaining,
      @Nullable Integer revoked) {
    static BatchStateView of(BatchRecord batch, @Nullable Integer revoked) {
      boolean killed = batch.state() == BatchRecord.State.KILLED;
      return new BatchStateView(
          batch.name(),
          Views.word(batch.state()),
          batch.wanted(),
          batch.members(),
          batch.createdBy(),
          batch.createdAt(),
          batch.changedBy(),
          batch.changedAt(),
          batch.reason(),
          killed ? batch.remaining() : null,
          revoked);
    }
  }

  record MemberView(String id, String standing) {
    static MemberView of(BatchMember member) {
      return new MemberView(member.id().value(), Views.word(member.standing()));
    }
  }

  List<Route> routes() {
    var base = "/api/v1/batches";
    return List.of(
        Route.post(base, Role.OPERATOR, this::create),
        Route.get(base, Role.VIEWER, this::list),
        Route.get(base + "/{name}", Role.VIEWER, call -> answer(batches.show(call.path("name")))),
        Route.get(base + "/{name}/members", Role.VIEWER, this::members),
        Route.post(base + "/{name}/close", Role.OPERATOR, this::close),
        Route.post(base + "/{name}/kill", Role.OPERATOR, this::kill));
  }

  private Answer create(Call call) {
    var body = call.body(Bodies.NewBatch.class);
    var name = Bodies.required(body.name(), "name");
    return switch (batches.create(name, Bodies.required(body.wanted(), "wanted"), call.actor())) {
      case BatchAnswer.Shown(var batch) -> Answer.created(BatchStateView.of(batch, null));
      case BatchAnswer other -> answer(other);
    };
  }

  private Answer list(Call call) {
    return Paging.of(
        call, "batches", batches::page, BatchRecord::name, one -> BatchStateView.of(one, null));
  }

  private Answer members(Call call) {
    var name = call.path("name");
    return Paging.of(
        call,
        "members",
        (after, limit) ->
            batches
                .members(name, after, limit)
                .orElseThrow(
                    () -> new Problem(404, "batch-unknown", "there is no batch '" + name + "'")),
        member -> member.id().value(),
        MemberView::of);
  }

  private Answer close(Call call) {
    call.emptyBody();
    return answer(batches.close(call.path("name"), call.actor()));
  }

  private Answer kill(Call call) {
    var word = call.body(Bodies.Revoke.class).reason();
    var reason =
        word == null
            ? RevocationReason.UNSPECIFIED
            : RevocationReason.ofWord(word).orElseThrow(() -> malformedReason(word));
    return answer(batches.kill(call.path("name"), reason, call.actor()));
  }

  private static Answer answer(BatchAnswer answer) {
    return switch (answer) {
      case BatchAnswer.Shown(var batch) -> Answer.ok(BatchStateView.of(batch, null));
      case BatchAnswer.Killed(var batch, int revoked) ->
          Answer.ok(BatchStateView.of(batch, revoked));
      case BatchAnswer.Refused(var why, var reason, var detail) ->
          throw new Problem(
              switch (why) {
                case MALFORMED -> 400;
                case UNKNOWN -> 404;
                case CONFLICT -> 409;
              },
              reason,
              detail);
    };
  }

  private static Problem malformedReason(String word) {
    var words = Arrays.stream(RevocationReason.values()).map(RevocationReason::word).toList();
    return new Problem(
        400, "malformed-reason", "no reason '" + word + "', but " + String.join(", ", words));
  }
}
