package io.sallyport.control.rotation;

import io.sallyport.control.messaging.Publication;
import io.sallyport.control.shadow.JsonValue.Members;
import io.sallyport.control.shadow.ShadowAnswer.Accepted;
import io.sallyport.control.shadow.ShadowAnswer.Rejected;
import io.sallyport.control.shadow.ShadowDocument;
import io.sallyport.control.shadow.ShadowId;
import io.sallyport.control.shadow.ShadowListener;
import io.sallyport.control.shadow.Shadows;
import io.sallyport.identity.PrincipalId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rotation in a device's classic shadow: what is wanted is {@code desired.rotation}, what a device
 * answers {@code reported.rotation}. Nothing of it is there between two rotations.
 */
final class ShadowRotation implements RotationShadow, ShadowListener {
  /** The member of both states. */
  static final String NAME = "rotation";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Logger LOG = LoggerFactory.getLogger(ShadowRotation.class);

  private final Shadows shadows;
  private final Heard heard;

  /** Who works on what devices report, in the very transaction. */
  @FunctionalInterface
  interface Heard {
    /** A device answers an ask; nothing of it is checked. */
    void answered(Handle handle, PrincipalId device, Reported reported);
  }

  /** What a device reports: each part empty where it does not say it. */
  record Reported(String nonce, String csr, String progress) {
    /** What a device says that cannot use what it was given. */
    static final String FAILED = "failed";

    static Reported of(Members state) {
      return new Reported(
          state.text(NAME, "nonce").orElse(""),
          state.text(NAME, "csr").orElse(""),
          state.text(NAME, "state").orElse(""));
    }
  }

  ShadowRotation(Shadows shadows, Heard heard) {
    this.shadows = shadows;
    this.heard = heard;
  }

  @Override
  public List<Publication> desire(
      Handle handle, Instant now, PrincipalId device, @Nullable Desired wanted) {
    var document = JSON.writeValueAsString(document(wanted));
    return switch (shadows.update(handle, now, ShadowId.classic(device), document)) {
      case Accepted accepted -> accepted.publications();
      case Rejected(var error, _) -> {
        LOG.atWarn()
            .addKeyValue("device", device)
            .addKeyValue("why", error.message())
            .log("a device's shadow did not take what is wanted of its certificate");
        yield List.of();
      }
    };
  }

  private static Map<String, Object> document(@Nullable Desired wanted) {
    var desired = new LinkedHashMap<String, @Nullable Object>();
    desired.put(NAME, wanted == null ? null : members(wanted));
    return Map.of("state", Map.of("desired", desired));
  }

  /** An update merges: what is not said again must be taken back. */
  private static Map<String, @Nullable Object> members(Desired wanted) {
    var members = new LinkedHashMap<String, @Nullable Object>();
    members.put("nonce", wanted.nonce());
    members.put("asked", wanted.asked().getEpochSecond());
    members.put("rotateBy", wanted.rotateBy().getEpochSecond());
    members.put("certificate", wanted.certificate());
    members.put("refused", wanted.refused());
    return members;
  }

  @Override
  public List<Publication> reported(
      Handle handle, Instant at, ShadowId id, Members before, ShadowDocument after) {
    if (id.name().equals(ShadowId.CLASSIC)) {
      var reported = Reported.of(after.reported().state());
      if (!reported.nonce().isEmpty() && !reported.equals(Reported.of(before))) {
        heard.answered(handle, id.thing(), reported);
      }
    }
    return List.of();
  }
}
