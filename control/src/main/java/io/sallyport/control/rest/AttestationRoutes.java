package io.sallyport.control.rest;

import io.sallyport.control.attestation.AttestationAnswer;
import io.sallyport.control.attestation.Attestations;
import io.sallyport.control.attestation.Endorsements;
import io.sallyport.control.attestation.ReferenceValue;
import io.sallyport.control.attestation.RegisteredKey;
import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.attestation.Measurement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The calls about evidence of what devices are and run. */
final class AttestationRoutes {
  private static final Pattern CHALLENGE = Pattern.compile("[0-9a-f]{64}");
  private static final int PAGE_MAX = 500;
  private static final int PAGE = 100;

  private final Attestations attestations;
  private final Endorsements endorsements;

  AttestationRoutes(Attestations attestations, Endorsements endorsements) {
    this.attestations = attestations;
    this.endorsements = endorsements;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/attestation/keys", Role.VIEWER, this::keys),
        Route.post("/api/v1/attestation/keys", Role.SECURITY, this::addKey),
        Route.post("/api/v1/attestation/keys/{hash}/remove", Role.SECURITY, this::removeKey),
        Route.get("/api/v1/attestation/references", Role.VIEWER, _ -> Answer.ok(references())),
        Route.post("/api/v1/attestation/references", Role.SECURITY, this::approve),
        Route.post("/api/v1/attestation/references/withdraw", Role.SECURITY, this::withdraw),
        Route.post("/api/v1/devices/{id}/attestation/challenge", Role.OPERATOR, this::challenge),
        Route.post("/api/v1/devices/{id}/attestation", Role.OPERATOR, this::attest));
  }

  private Answer keys(Call call) {
    var limit = call.number("limit", 1, PAGE_MAX);
    int page = limit == null ? PAGE : limit.intValue();
    var keys = endorsements.keys(call.query("after", ""), page);
    var answer = new TreeMap<String, Object>();
    answer.put("keys", keys.stream().map(AttestationRoutes::view).toList());
    if (keys.size() == page) {
      answer.put("next", keys.getLast().hash().hex());
    }
    return Answer.ok(answer);
  }

  private Answer addKey(Call call) {
    var body = call.body(Bodies.NewAttestationKey.class);
    var format = EvidenceBody.format(body.format());
    var device = body.device() == null ? null : device(body.device());
    var pem = Bodies.required(body.key(), "key");
    var outcome =
        checked("malformed-key", () -> endorsements.addKey(format, device, pem, call.actor()));
    return switch (outcome) {
      case DONE -> Answer.created(Map.of("registered", true));
      case UNCHANGED ->
          throw new Problem(409, "key-exists", "this key is registered already, perhaps elsewhere");
      case UNKNOWN_DEVICE ->
          throw new Problem(404, "principal-unknown", "no device '" + device + "'");
      case FULL -> throw new IllegalStateException("keys are not bounded");
    };
  }

  private static PrincipalId device(String id) {
    if (!PrincipalId.isValid(id)) {
      throw new Problem(400, "malformed-id", "an id is 1 to 128 characters of A-Z a-z 0-9 : _ -");
    }
    return new PrincipalId(id);
  }

  private Answer removeKey(Call call) {
    var hash = checked("malformed-hash", () -> new PublicKeyHash(call.path("hash")));
    call.emptyBody();
    if (endorsements.removeKey(hash, call.actor()) != Endorsements.Outcome.DONE) {
      throw new Problem(404, "key-unknown", "no attestation key " + hash);
    }
    return Answer.ok(Map.of("removed", hash.hex()));
  }

  private Map<String, Object> references() {
    return Map.of(
        "references", endorsements.approved().stream().map(AttestationRoutes::view).toList());
  }

  private Answer approve(Call call) {
    var body = call.body(Bodies.Reference.class);
    var measurement = measurement(body);
    var note = body.note() == null ? "" : body.note();
    var outcome =
        checked("malformed-note", () -> endorsements.approve(measurement, note, call.actor()));
    if (outcome == Endorsements.Outcome.FULL) {
      throw new Problem(
          409,
          "too-many-references",
          "there are " + Endorsements.APPROVED_MAX + " reference values; withdraw old ones");
    }
    return Answer.ok(references());
  }

  private Answer withdraw(Call call) {
    var measurement = measurement(call.body(Bodies.Reference.class));
    if (endorsements.withdraw(measurement, call.actor()) != Endorsements.Outcome.DONE) {
      throw new Problem(404, "reference-unknown", "not approved: " + measurement);
    }
    return Answer.ok(references());
  }

  private static Measurement measurement(Bodies.Reference body) {
    var component = body.component() == null ? "" : body.component();
    var value = Bodies.required(body.value(), "value");
    return checked("malformed-measurement", () -> new Measurement(component, value));
  }

  private static <T> T checked(String reason, Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException e) {
      throw new Problem(400, reason, String.valueOf(e.getMessage()));
    }
  }

  private Answer challenge(Call call) {
    var id = call.id("id");
    call.emptyBody();
    try {
      var challenge =
          attestations
              .challenge(id)
              .orElseThrow(
                  () ->
                      new Problem(
                          404, "principal-unknown", "no device '" + id + "' with a certificate"));
      return Answer.created(
          Map.of(
              "challenge", challenge.challenge(),
              "keySha256", challenge.key().hex(),
              "nonce", challenge.nonce(),
              "expiresAt", challenge.expiresAt()));
    } catch (Attestations.TooManyChallenges e) {
      throw new Problem(429, "too-many-challenges", String.valueOf(e.getMessage()));
    }
  }

  private Answer attest(Call call) {
    var id = call.id("id");
    var body = call.body(Bodies.Attest.class);
    var challenge = challenge(Bodies.required(body.challenge(), "challenge"));
    return switch (attestations.attest(id, challenge, EvidenceBody.of(body), call.actor())) {
      case AttestationAnswer.Affirmed(var claims, var until) ->
          Answer.ok(
              Map.of(
                  "attested",
                  true,
                  "until",
                  until,
                  "claims",
                  claims.facts(),
                  "measurements",
                  claims.measurements().stream().map(AttestationRoutes::view).toList()));
      case AttestationAnswer.Refused(var reason, var detail, _) ->
          throw new Problem(422, reason, detail);
      case AttestationAnswer.Impossible(var unknown, var reason, var detail) ->
          throw new Problem(unknown ? 404 : 409, reason, detail);
    };
  }

  private static String challenge(String hex) {
    if (!CHALLENGE.matcher(hex).matches()) {
      throw new Problem(
          400, "malformed-challenge", "a challenge is 64 hexadecimal digits in lower case");
    }
    return hex;
  }

  private static Map<String, Object> view(RegisteredKey key) {
    var view = new TreeMap<String, Object>();
    view.put("sha256", key.hash().hex());
    view.put("format", key.format().word());
    put(view, "device", key.device() == null ? null : key.device().value());
    view.put("addedAt", key.addedAt());
    view.put("addedBy", key.addedBy());
    return view;
  }

  private static void put(Map<String, Object> view, String name, @Nullable Object value) {
    if (value != null) {
      view.put(name, value);
    }
  }

  private static Map<String, Object> view(ReferenceValue value) {
    var view = new TreeMap<>(view(value.measurement()));
    view.put("note", value.note());
    view.put("addedAt", value.addedAt());
    view.put("addedBy", value.addedBy());
    return view;
  }

  private static Map<String, Object> view(Measurement measurement) {
    return Map.of("component", measurement.component(), "value", measurement.value());
  }
}
