package io.sallyport.control.rest;

import io.sallyport.control.batches.Batches;
import io.sallyport.control.enforcement.Surroundings;
import io.sallyport.control.enrolment.Enroller;
import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.Enrolment.Issued;
import io.sallyport.control.enrolment.Enrolment.Refused;
import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.control.enrolment.Warrant;
import io.sallyport.control.operators.Role;
import io.sallyport.control.registry.KeyUses;
import io.sallyport.control.registry.PrincipalQuery;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.control.rest.Views.BatchResult;
import io.sallyport.control.rest.Views.BatchView;
import io.sallyport.control.rest.Views.CertificateView;
import io.sallyport.control.rest.Views.GatewayView;
import io.sallyport.control.rest.Views.IssuedView;
import io.sallyport.control.rest.Views.PrincipalView;
import io.sallyport.control.rest.Views.ReceiptView;
import io.sallyport.control.revocation.Outcome;
import io.sallyport.control.revocation.Revoker;
import io.sallyport.control.rollover.Rollover;
import io.sallyport.control.store.Database;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Standing;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.AuthorityLine;
import io.sallyport.identity.rotation.CertificateUse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The calls about devices, and the same ones about backends. */
final class PrincipalRoutes {
  // Bound: each is compared with every row that the others leave.
  private static final int CONDITIONS_MAX = 8;

  private final PrincipalKind kind;
  private final String plural;
  private final Database database;
  private final Principals principals;
  private final Enroller enroller;
  private final Batches batches;
  private final Revoker revoker;
  private final Authorities authorities;
  private final Rollover rollover;
  private final Surroundings surroundings;

  PrincipalRoutes(
      PrincipalKind kind,
      Database database,
      Principals principals,
      Enroller enroller,
      Batches batches,
      Revoker revoker,
      Authorities authorities,
      Rollover rollover,
      Surroundings surroundings) {
    this.kind = kind;
    this.plural = kind.word() + "s";
    this.database = database;
    this.principals = principals;
    this.enroller = enroller;
    this.batches = batches;
    this.revoker = revoker;
    this.authorities = authorities;
    this.rollover = rollover;
    this.surroundings = surroundings;
  }

  List<Route> routes() {
    var base = "/api/v1/" + plural;
    return List.of(
        Route.post(base, Role.OPERATOR, this::enrol),
        Route.get(base, Role.VIEWER, this::list),
        Route.get(base + "/{id}", Role.VIEWER, this::show),
        Route.post(base + "/{id}/revoke", Role.OPERATOR, this::revoke),
        Route.post(base + "/{id}/quarantine", Role.OPERATOR, this::quarantine),
        Route.post(base + "/{id}/reinstate", Role.OPERATOR, this::reinstate));
  }

  /** Only devices come by the thousand. */
  Route batchRoute() {
    return new Route(
        "POST",
        "/api/v1/" + plural + "/batch",
        Role.OPERATOR,
        Route.BATCH_BODY_MAX,
        this::enrolBatch);
  }

  private Answer enrol(Call call) {
    var request = request(call.body(Bodies.Enrol.class));
    var enrolled = enrol(call, List.of(request), Warrant.OPERATOR);
    return switch (enrolled.answers().getFirst()) {
      case Issued issued ->
          Answer.created(
              new IssuedView(
                  issued.id(),
                  issued.kind().word(),
                  CertificateView.of(issued.certificate(), true),
                  enrolled.chain(authorities),
                  enrolled.told().anchors(),
                  gateway()));
      case Refused refused ->
          throw new Problem(status(refused.why()), refused.reason(), refused.detail());
    };
  }

  private Answer enrolBatch(Call call) {
    var body = call.body(Bodies.Batch.class);
    var devices = Bodies.required(body.devices(), "devices");
    if (devices.size() > Enroller.BATCH_MAX) {
      throw new Problem(
          400, "batch-too-large", "a batch has at most " + Enroller.BATCH_MAX + " devices");
    }
    var requests = devices.stream().map(this::request).toList();
    var warrant = body.batch() == null ? Warrant.OPERATOR : batches.warrant(body.batch());
    var enrolled = enrol(call, requests, warrant);
    var results = enrolled.answers().stream().map(PrincipalRoutes::result).toList();
    return Answer.ok(
        new BatchView(results, enrolled.chain(authorities), enrolled.told().anchors(), gateway()));
  }

  /**
   * What was asked for together.
   *
   * @param told the authorities that the answer tells of
   */
  private record Enrolled(List<Enrolment> answers, AuthorityLine told) {
    private Stream<Issued> issued() {
      return answers.stream().filter(Issued.class::isInstance).map(Issued.class::cast);
    }

    /** Who signed all of it, even if another CA became active meanwhile. */
    List<String> chain(Authorities authorities) {
      return issued()
          .findFirst()
          .map(one -> authorities.chainOf(one.certificate().pem()))
          .orElseGet(() -> List.of(Pem.of(authorities.devices().certificate())));
    }
  }

  private Enrolled enrol(Call call, List<EnrolmentRequest> requests, Warrant warrant) {
    var answers = enroller.enrolAll(requests, call.actor(), call.flag(Call.ALLOW_BREACH), warrant);
    var enrolled = new Enrolled(answers, authorities.line());
    if (enrolled.told().isRollingOver()) {
      // The answer holds every anchor, and becomes the bundle.
      rollover.learnt(
          enrolled.issued().map(Issued::principal).toList(),
          enrolled.told(),
          Rollover.Learnt.BUNDLE);
    }
    return enrolled;
  }

  private Answer list(Call call) {
    var query = query(call);
    return Paging.of(
        call,
        plural,
        (after, limit) -> principals.search(database, query, after, limit),
        principal -> principal.id().value(),
        principal -> view(principal, false));
  }

  private PrincipalQuery query(Call call) {
    var standing = call.query("standing", "");
    var prefix = call.query("prefix", "");
    if (!prefix.isEmpty() && !PrincipalId.isValid(prefix)) {
      throw new Problem(400, "malformed-query", "'prefix' is the beginning of an id");
    }
    return new PrincipalQuery(
        kind,
        standing.isEmpty() ? null : standing(standing),
        call.queryOrNull("type"),
        prefix,
        call.pairs("attribute", CONDITIONS_MAX),
        call.pairs("tag", CONDITIONS_MAX));
  }

  private static Standing standing(String word) {
    return Arrays.stream(Standing.values())
        .filter(one -> Views.word(one).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new Problem(
                    400,
                    "malformed-query",
                    "'standing' is active, quarantined or revoked, not '" + word + "'"));
  }

  /** Somebody, and what the keys of its certificates protected. */
  private record Known(PrincipalRecord principal, Map<Fingerprint, CertificateUse> uses) {}

  private Answer show(Call call) {
    var id = call.id("id");
    var known =
        database
            .read(
                handle ->
                    principals
                        .find(handle, id)
                        .filter(principal -> principal.kind() == kind)
                        .map(one -> new Known(one, KeyUses.of(handle, kind, id))))
            .orElseThrow(() -> unknown(id.value()));
    return Answer.ok(
        PrincipalView.of(known.principal(), surroundings.connections().of(id), true, known.uses()));
  }

  private Answer revoke(Call call) {
    var word = call.body(Bodies.Revoke.class).reason();
    var reason =
        word == null
            ? RevocationReason.UNSPECIFIED
            : RevocationReason.ofWord(word).orElseThrow(() -> malformedReason(word));
    return answer(revoker.revoke(kind, call.id("id"), reason, call.actor()));
  }

  private Answer quarantine(Call call) {
    call.emptyBody();
    return answer(revoker.quarantine(kind, call.id("id"), call.actor()));
  }

  private Answer reinstate(Call call) {
    call.emptyBody();
    return answer(revoker.reinstate(kind, call.id("id"), call.actor()));
  }

  private Answer answer(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Cut(var receipt) -> Answer.ok(ReceiptView.of(receipt));
      case Outcome.Reinstated(var principal) -> Answer.ok(view(principal, false));
      case Outcome.Unknown(var id) -> throw unknown(id);
      case Outcome.AlreadyRevoked(var id, var at) ->
          throw new Problem(409, "already-revoked", "'" + id + "' was revoked at " + at);
      case Outcome.NotQuarantined(PrincipalId id) ->
          throw new Problem(409, "not-quarantined", "'" + id + "' is not quarantined");
    };
  }

  private EnrolmentRequest request(Bodies.Enrol body) {
    return new EnrolmentRequest(
        kind,
        Bodies.required(body.id(), "id"),
        Bodies.required(body.csr(), "csr"),
        body.attributes() == null ? Map.of() : body.attributes(),
        body.thingType() == null ? "" : body.thingType(),
        body.policies(),
        body.validityDays());
  }

  private static BatchResult result(Enrolment answer) {
    return switch (answer) {
      case Issued issued ->
          new BatchResult(
              issued.id(), "issued", CertificateView.of(issued.certificate(), true), null, null);
      case Refused refused ->
          new BatchResult(refused.id(), "refused", null, refused.reason(), refused.detail());
    };
  }

  private static int status(Enrolment.Why why) {
    return switch (why) {
      case MALFORMED -> 400;
      case UNACCEPTABLE, POLICY_UNKNOWN, BREACH -> 422;
      case ID_EXISTS, KEY_SEEN -> 409;
    };
  }

  private PrincipalView view(PrincipalRecord principal, boolean withPem) {
    return PrincipalView.of(principal, surroundings.connections().of(principal.id()), withPem);
  }

  private GatewayView gateway() {
    return GatewayView.of(surroundings);
  }

  private Problem unknown(String id) {
    return new Problem(404, "principal-unknown", "no " + kind.word() + " '" + id + "'");
  }

  private static Problem malformedReason(String word) {
    var words =
        java.util.Arrays.stream(RevocationReason.values()).map(RevocationReason::word).toList();
    return new Problem(
        400, "malformed-reason", "no reason '" + word + "', but " + String.join(", ", words));
  }
}
