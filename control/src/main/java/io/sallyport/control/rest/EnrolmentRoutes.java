package io.sallyport.control.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.sallyport.control.enrolment.authority.ApplicationRecord;
import io.sallyport.control.enrolment.authority.AuthorityAnswer;
import io.sallyport.control.enrolment.authority.EnrolmentDesk;
import io.sallyport.control.enrolment.authority.NewcomerTerms;
import io.sallyport.control.enrolment.authority.TokenRecord;
import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls about what lets devices enrol themselves: one-time tokens, and approval. */
final class EnrolmentRoutes {
  private static final Duration TOKEN_DEFAULT = Duration.ofDays(1);

  private final EnrolmentDesk desk;

  EnrolmentRoutes(EnrolmentDesk desk) {
    this.desk = desk;
  }

  @JsonInclude(Include.NON_NULL)
  record TokenView(
      String name,
      String id,
      String state,
      String thingType,
      Map<String, String> attributes,
      @Nullable List<String> policies,
      @Nullable Integer validityDays,
      String createdBy,
      Instant createdAt,
      Instant notAfter,
      @Nullable String token) {
    static TokenView of(TokenRecord token, @Nullable String secret) {
      var terms = token.terms();
      return new TokenView(
          token.name(),
          token.id().value(),
          Views.word(token.state()),
          terms.thingType(),
          terms.attributes(),
          terms.policies(),
          terms.validityDays(),
          token.createdBy(),
          token.createdAt(),
          token.notAfter(),
          secret);
    }
  }

  @JsonInclude(Include.NON_NULL)
  record ApplicationView(
      String key,
      String id,
      String state,
      String source,
      Instant askedAt,
      Instant expiresAt,
      @Nullable String decidedBy,
      @Nullable Instant decidedAt,
      @Nullable String renews) {
    static ApplicationView of(ApplicationRecord application) {
      return new ApplicationView(
          application.key().hex(),
          application.id().value(),
          Views.word(application.state()),
          application.source(),
          application.askedAt(),
          application.expiresAt(),
          application.decidedBy(),
          application.decidedAt(),
          application.renews() == null ? null : application.renews().hex());
    }
  }

  List<Route> routes() {
    var tokens = "/api/v1/enrolment/tokens";
    var applications = "/api/v1/enrolment/applications";
    return List.of(
        Route.post(tokens, Role.OPERATOR, this::create),
        Route.get(tokens, Role.VIEWER, this::tokens),
        Route.post(tokens + "/{name}/revoke", Role.OPERATOR, this::revoke),
        Route.get(applications, Role.VIEWER, this::applications),
        Route.post(applications + "/{application}/approve", Role.OPERATOR, this::approve),
        Route.post(applications + "/{application}/reject", Role.OPERATOR, this::reject));
  }

  private Answer create(Call call) {
    var body = call.body(Bodies.NewToken.class);
    var goodFor = body.goodForSeconds();
    return answer(
        desk.tokens()
            .create(
                Bodies.required(body.id(), "id"),
                terms(body.thingType(), body.attributes(), body.policies(), body.validityDays()),
                goodFor == null ? TOKEN_DEFAULT : Duration.ofSeconds(goodFor),
                call.actor()));
  }

  private Answer tokens(Call call) {
    return Paging.of(
        call, "tokens", desk.tokens()::page, TokenRecord::name, token -> TokenView.of(token, null));
  }

  private Answer revoke(Call call) {
    call.emptyBody();
    return answer(desk.tokens().revoke(call.path("name"), call.actor()));
  }

  private Answer applications(Call call) {
    return Paging.of(
        call,
        "applications",
        desk.applications()::page,
        application -> application.key().hex(),
        ApplicationView::of);
  }

  private Answer approve(Call call) {
    var body = call.body(Bodies.Approve.class);
    return answer(
        desk.applications()
            .approve(
                call.path("application"),
                terms(body.thingType(), body.attributes(), body.policies(), body.validityDays()),
                call.actor()));
  }

  private Answer reject(Call call) {
    call.emptyBody();
    return answer(desk.applications().reject(call.path("application"), call.actor()));
  }

  static NewcomerTerms terms(
      @Nullable String thingType,
      @Nullable Map<String, String> attributes,
      @Nullable List<String> policies,
      @Nullable Integer validityDays) {
    return new NewcomerTerms(
        thingType == null ? "" : thingType,
        attributes == null ? Map.of() : attributes,
        policies,
        validityDays);
  }

  private static Answer answer(AuthorityAnswer answer) {
    return switch (answer) {
      case AuthorityAnswer.TokenMade(var token, var secret) ->
          Answer.created(TokenView.of(token, secret));
      case AuthorityAnswer.TokenRevoked(var token) -> Answer.ok(TokenView.of(token, null));
      case AuthorityAnswer.Decided(var application) -> Answer.ok(ApplicationView.of(application));
      case AuthorityAnswer.Refused(var why, var reason, var detail) ->
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
}
