package io.sallyport.control.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.sallyport.control.enrolment.claim.ClaimAnswer;
import io.sallyport.control.enrolment.claim.ClaimRecord;
import io.sallyport.control.enrolment.claim.Claims;
import io.sallyport.control.enrolment.claim.IdPatterns;
import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.identity.issuance.Authorities;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls about claims: certificates of production lines. */
final class ClaimRoutes {
  private static final String AT = "/api/v1/claims";
  private static final long PER_MINUTE = 60;

  private final Claims claims;
  private final Authorities authorities;

  ClaimRoutes(Claims claims, Authorities authorities) {
    this.claims = claims;
    this.authorities = authorities;
  }

  record NewClaim(
      @Nullable String name,
      @Nullable String csr,
      @Nullable String batch,
      @Nullable Long count,
      @Nullable Long perMinute,
      @Nullable List<String> ids,
      @Nullable String notBefore,
      @Nullable Long validForSeconds,
      @Nullable String group,
      @Nullable List<String> templates,
      @Nullable Map<String, String> attributes,
      @Nullable String thingType,
      @Nullable List<String> policies,
      @Nullable Integer validityDays) {}

  record KilledBatch(@Nullable String batch) {}

  @JsonInclude(Include.NON_NULL)
  record ClaimView(
      String name,
      String batch,
      String state,
      String fingerprint,
      long count,
      long used,
      long perMinute,
      List<String> ids,
      Instant notBefore,
      Instant notAfter,
      @Nullable String group,
      List<String> templates,
      String thingType,
      Map<String, String> attributes,
      @Nullable List<String> policies,
      @Nullable Integer validityDays,
      String createdBy,
      Instant createdAt,
      @Nullable String killedBy,
      @Nullable Instant killedAt) {
    static ClaimView of(ClaimRecord claim) {
      var terms = claim.terms();
      return new ClaimView(
          claim.name().value(),
          claim.batch(),
          Views.word(claim.state()),
          claim.fingerprint(),
          claim.usesMax(),
          claim.uses(),
          claim.perMinuteMax(),
          claim.ids().patterns(),
          claim.notBefore(),
          claim.notAfter(),
          claim.group(),
          claim.templates(),
          terms.thingType(),
          terms.attributes(),
          terms.policies(),
          terms.validityDays(),
          claim.createdBy(),
          claim.createdAt(),
          claim.killedBy(),
          claim.killedAt());
    }
  }

  List<Route> routes() {
    var one = AT + "/{name}";
    return List.of(
        Route.post(AT, Role.OPERATOR, this::create),
        Route.get(AT, Role.VIEWER, this::list),
        // Before the routes with a parameter at the same place.
        Route.post(AT + "/kill", Role.OPERATOR, this::killBatch),
        Route.get(one, Role.VIEWER, this::show),
        Route.get(one + "/devices", Role.VIEWER, this::devices),
        Route.post(one + "/kill", Role.OPERATOR, this::kill));
  }

  private Answer create(Call call) {
    var body = call.body(NewClaim.class);
    var answer =
        claims.create(
            new Claims.Draft(
                Bodies.required(body.name(), "name"),
                Bodies.required(body.csr(), "csr"),
                Bodies.required(body.batch(), "batch"),
                new IdPatterns(Bodies.required(body.ids(), "ids")),
                Bodies.required(body.count(), "count"),
                body.perMinute() == null ? PER_MINUTE : body.perMinute(),
                time(body.notBefore()),
                validity(Bodies.required(body.validForSeconds(), "validForSeconds")),
                EnrolmentRoutes.terms(
                    body.thingType(), body.attributes(), body.policies(), body.validityDays()),
                body.group(),
                body.templates() == null ? List.of() : body.templates()),
            call.actor());
    return answer instanceof ClaimAnswer.Shown(var claim)
        ? Answer.created(
            Map.of(
                "claim", ClaimView.of(claim),
                "certificate", claim.pem(),
                "chain", authorities.chainOf(claim.pem()),
                "ca", authorities.anchors()))
        : answer(answer);
  }

  private static Duration validity(long seconds) {
    return Duration.ofSeconds(Math.clamp(seconds, 0, Integer.MAX_VALUE));
  }

  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new Problem(400, "malformed-time", "notBefore is such as 2026-05-01T06:00:00Z");
    }
  }

  private Answer list(Call call) {
    return Paging.of(call, "claims", claims::page, claim -> claim.name().value(), ClaimView::of);
  }

  private Answer show(Call call) {
    return Answer.ok(ClaimView.of(claim(call)));
  }

  private ClaimRecord claim(Call call) {
    var name = call.path("name");
    return claims
        .find(name)
        .orElseThrow(() -> new Problem(404, "claim-unknown", "no claim '" + name + "'"));
  }

  private Answer devices(Call call) {
    var name = claim(call).name().value();
    return Paging.of(
        call, "devices", (after, limit) -> claims.devices(name, after, limit), id -> id, id -> id);
  }

  private Answer kill(Call call) {
    call.emptyBody();
    return answer(claims.kill(call.path("name"), call.actor()));
  }

  private Answer killBatch(Call call) {
    var batch = Bodies.required(call.body(KilledBatch.class).batch(), "batch");
    return answer(claims.killBatch(batch, call.actor()));
  }

  private static Answer answer(ClaimAnswer answer) {
    return switch (answer) {
      case ClaimAnswer.Shown(var claim) -> Answer.ok(ClaimView.of(claim));
      case ClaimAnswer.Killed(var names) -> Answer.ok(Map.of("killed", names));
      case ClaimAnswer.Refused(var why, var reason, var detail) ->
          throw new Problem(
              switch (why) {
                case MALFORMED -> 400;
                case UNACCEPTABLE -> 422;
                case UNKNOWN -> 404;
                case CONFLICT -> 409;
              },
              reason,
              detail);
    };
  }
}
