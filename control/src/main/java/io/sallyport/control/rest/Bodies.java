package io.sallyport.control.rest;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What clients send; each record is one JSON object, and no other member is taken. */
final class Bodies {
  private Bodies() {}

  record Empty() {}

  record Enrol(
      @Nullable String id,
      @Nullable String csr,
      @Nullable Map<String, String> attributes,
      @Nullable String thingType,
      @Nullable List<String> policies,
      @Nullable Integer validityDays) {}

  record NewToken(
      @Nullable String id,
      @Nullable Map<String, String> attributes,
      @Nullable String thingType,
      @Nullable List<String> policies,
      @Nullable Integer validityDays,
      @Nullable Long goodForSeconds) {}

  record Approve(
      @Nullable Map<String, String> attributes,
      @Nullable String thingType,
      @Nullable List<String> policies,
      @Nullable Integer validityDays) {}

  record Batch(@Nullable List<Enrol> devices, @Nullable String batch) {}

  record NewBatch(@Nullable String name, @Nullable Long wanted) {}

  record Revoke(@Nullable String reason) {}

  record Attach(@Nullable String principal) {}

  record NewGroup(@Nullable String name) {}

  record GroupMembers(@Nullable List<String> principals) {}

  record GroupPolicy(@Nullable String policy) {}

  record Tags(@Nullable Map<String, String> set, @Nullable List<String> remove) {}

  record State(@Nullable String firmwareVersion, @Nullable String attested) {}

  record Thing(
      @Nullable String thingType,
      @Nullable Map<String, String> attributes,
      @Nullable List<String> remove) {}

  record NewAttestationKey(
      @Nullable String format, @Nullable String device, @Nullable String key) {}

  record Reference(@Nullable String component, @Nullable String value, @Nullable String note) {}

  record Attest(
      @Nullable String challenge,
      @Nullable String format,
      @Nullable String token,
      @Nullable String attested,
      @Nullable String signature,
      @Nullable Map<String, String> registers,
      @Nullable List<String> chain,
      @Nullable String proof) {}

  record Explain(
      @Nullable String principal,
      @Nullable String action,
      @Nullable String name,
      @Nullable String clientId,
      @Nullable Boolean retain,
      @Nullable String mode,
      @Nullable Map<String, List<String>> set) {}

  record Observe(@Nullable List<String> policies) {}

  record Enforce(@Nullable Boolean anyway) {}

  record Secrets(@Nullable String after) {}

  record ClearBans(@Nullable String source) {}

  record HandOut(@Nullable Integer bundles) {}

  record NewCommand(
      @Nullable String name,
      @Nullable Map<String, JsonNode> arguments,
      @Nullable Long expiresSeconds) {}

  record Drain(@Nullable String to, @Nullable Boolean moved, @Nullable Integer rate) {}

  record StartRotation(
      @Nullable List<String> devices,
      @Nullable String group,
      @Nullable Boolean all,
      @Nullable String by) {}

  record NewOperator(@Nullable String name, @Nullable String role, @Nullable String csr) {}

  /** A member that must be there. */
  static <T> T required(@Nullable T member, String name) {
    if (member == null) {
      throw new Problem(400, "member-missing", "member '" + name + "' is missing");
    }
    return member;
  }
}
