package io.sallyport.control.shadow;

import io.sallyport.control.shadow.JsonValue.Digits;
import io.sallyport.control.shadow.JsonValue.Items;
import io.sallyport.control.shadow.JsonValue.Members;
import io.sallyport.control.shadow.JsonValue.Nothing;
import io.sallyport.control.shadow.JsonValue.Text;
import io.sallyport.control.shadow.JsonValue.Truth;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request state document (AWS IoT developer guide, "Request state document").
 *
 * @param desired what changes in the desired state: an object, null to remove it, or absent
 * @param reported what changes in the reported state, likewise
 * @param version the version that the shadow must have; null for any
 * @param clientToken what the answer repeats
 */
public record ShadowRequest(
    @Nullable JsonValue desired,
    @Nullable JsonValue reported,
    @Nullable Long version,
    @Nullable String clientToken) {
  /** Bound: levels of objects and arrays below desired or reported, as AWS IoT's quota. */
  static final int LEVELS_MAX = 8;

  /** Bound: bytes of a client token, as AWS IoT's. */
  static final int TOKEN_MAX = 64;

  /** Bound: how much longer than the longest state a request may be: spaces, names, a token. */
  static final int PAYLOAD_FACTOR = 2;

  private static final int NAMED_IN_MESSAGE_MAX = 64;

  private static final Pattern VERSION = Pattern.compile("0|[1-9][0-9]{0,17}");

  /** Reads an update. */
  static ShadowRequest update(byte[] payload, int documentMax) throws MalformedShadowRequest {
    var root = object(payload, documentMax);
    var token = token(root);
    for (var name : root.byName().keySet()) {
      switch (name) {
        case "state", "version", "clientToken" -> {}
        // AWS's SDKs say again what the topic says.
        case "thingName", "shadowName" -> {}
        default -> throw new MalformedShadowRequest(invalidNode("Document", name), token);
      }
    }
    var version = version(root, token);
    var state = root.byName().get("state");
    if (state == null) {
      throw new MalformedShadowRequest(ShadowError.STATE_MISSING, token);
    }
    return switch (state) {
      case Members sections ->
          new ShadowRequest(
              section(sections, "desired", token),
              section(sections, "reported", token),
              version,
              token);
      // The guide: it empties the shadow and does not delete it.
      case Nothing nothing -> new ShadowRequest(nothing, nothing, version, token);
      case Items _, Text _, Digits _, Truth _ ->
          throw new MalformedShadowRequest(ShadowError.STATE_NO_OBJECT, token);
    };
  }

  /** Reads a request that has nothing to say but a token, and for a deletion a version. */
  static ShadowRequest bare(byte[] payload, int documentMax) throws MalformedShadowRequest {
    if (payload.length == 0) {
      return new ShadowRequest(null, null, null, null);
    }
    var root = object(payload, documentMax);
    var token = token(root);
    return new ShadowRequest(null, null, version(root, token), token);
  }

  /** The client token of a request that is not worked on; null where none can be read. */
  static @Nullable String tokenOf(byte[] payload, int documentMax) {
    try {
      return bare(payload, documentMax).clientToken();
    } catch (MalformedShadowRequest e) {
      return e.clientToken();
    }
  }

  private static Members object(byte[] payload, int documentMax) throws MalformedShadowRequest {
    if (payload.length > PAYLOAD_FACTOR * documentMax) {
      throw new MalformedShadowRequest(ShadowError.TOO_LARGE, null);
    }
    try {
      if (JsonText.read(payload) instanceof Members root) {
        return root;
      }
    } catch (MalformedJson e) {
      throw new MalformedShadowRequest(
          e.isEncoding() ? ShadowError.NOT_UTF_8 : ShadowError.INVALID_JSON, null);
    }
    throw new MalformedShadowRequest(ShadowError.INVALID_JSON, null);
  }

  private static @Nullable String token(Members root) throws MalformedShadowRequest {
    var token = root.byName().get("clientToken");
    if (token == null) {
      return null;
    }
    if (token instanceof Text(var text)
        && text.getBytes(StandardCharsets.UTF_8).length <= TOKEN_MAX) {
      return text;
    }
    throw new MalformedShadowRequest(ShadowError.INVALID_TOKEN, null);
  }

  private static @Nullable Long version(Members root, @Nullable String token)
      throws MalformedShadowRequest {
    var version = root.byName().get("version");
    if (version == null) {
      return null;
    }
    if (version instanceof Digits(var literal) && VERSION.matcher(literal).matches()) {
      return Long.valueOf(literal);
    }
    throw new MalformedShadowRequest(ShadowError.INVALID_VERSION, token);
  }

  private static @Nullable JsonValue section(Members sections, String which, @Nullable String token)
      throws MalformedShadowRequest {
    for (var name : sections.byName().keySet()) {
      if (!name.equals("desired") && !name.equals("reported")) {
        throw new MalformedShadowRequest(invalidNode("State", name), token);
      }
    }
    var section = sections.byName().get(which);
    if (section instanceof Members) {
      check(section, 0, false, token);
    } else if (section != null && !(section instanceof Nothing)) {
      var node = which.equals("desired") ? "Desired" : "Reported";
      throw new MalformedShadowRequest(
          new ShadowError(400, node + " node must be an object"), token);
    }
    return section;
  }

  private static void check(JsonValue value, int level, boolean inArray, @Nullable String token)
      throws MalformedShadowRequest {
    if (level > LEVELS_MAX) {
      throw new MalformedShadowRequest(ShadowError.TOO_DEEP, token);
    }
    switch (value) {
      case Members(var byName) -> {
        for (var member : byName.values()) {
          check(member, deeper(member, level), inArray, token);
        }
      }
      case Items(var values) -> {
        for (var item : values) {
          check(item, deeper(item, level), true, token);
        }
      }
      case Nothing _ -> {
        // The guide: arrays cannot have null values; elsewhere a null removes a member.
        if (inArray) {
          throw new MalformedShadowRequest(
              new ShadowError(400, "State contains an invalid node: null in an array"), token);
        }
      }
      case Text _, Digits _, Truth _ -> {}
    }
  }

  private static int deeper(JsonValue value, int level) {
    return value instanceof Members || value instanceof Items ? level + 1 : level;
  }

  private static ShadowError invalidNode(String where, String name) {
    return new ShadowError(
        400,
        where
            + " contains an invalid node: '"
            // Whole characters: half of one could not be sent.
            + name.codePoints()
                .limit(NAMED_IN_MESSAGE_MAX)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            + "'");
  }
}
