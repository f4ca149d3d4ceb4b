package io.sallyport.firmware.signing;

import io.sallyport.firmware.manifest.FirmwareName;
import io.sallyport.firmware.manifest.ReleaseSigner;
import io.sallyport.firmware.manifest.ReleaseTrust;
import io.sallyport.identity.MalformedPem;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whose word makes a release, as a file: on the server, and in the bundle of every device. It is
 * JSON: {@code {"threshold": 2, "signers": [{"name": "alice", "keys": ["-----BEGIN PUBLIC
 * KEY…"]}]}}.
 */
public final class TrustFile {
  /** Bound: bytes of one; a public key of ML-DSA-65 has 2.7 KiB in PEM. */
  public static final int LENGTH_MAX = 64 * 1024;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private TrustFile() {}

  /** The text of one. */
  public static String write(ReleaseTrust trust) {
    var root = MAPPER.createObjectNode();
    root.put("threshold", trust.threshold());
    var signers = root.putArray("signers");
    for (var signer : trust.signers()) {
      var entry = signers.addObject().put("name", signer.name().value());
      var keys = entry.putArray("keys");
      signer.keys().forEach(key -> keys.add(PublicKeyPem.write(key)));
    }
    return MAPPER.writeValueAsString(root) + "\n";
  }

  /**
   * Reads one.
   *
   * @throws MalformedTrust which says what is wrong, and where
   */
  public static ReleaseTrust read(String text) throws MalformedTrust {
    if (text.getBytes(StandardCharsets.UTF_8).length > LENGTH_MAX) {
      throw new MalformedTrust("longer than " + LENGTH_MAX + " bytes");
    }
    JsonNode root;
    try {
      root = MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw new MalformedTrust("not JSON: line " + e.getLocation().getLineNr());
    }
    requireMembers(root, "the file", Set.of("threshold", "signers"));
    var threshold = root.get("threshold");
    if (!threshold.isInt()) {
      throw new MalformedTrust("'threshold' is not a whole number");
    }
    if (!root.get("signers").isArray()) {
      throw new MalformedTrust("'signers' is not an array");
    }
    var signers = new ArrayList<ReleaseSigner>();
    try {
      for (var entry : root.get("signers")) {
        signers.add(signer(entry, "signers[" + signers.size() + "]"));
      }
      return new ReleaseTrust(threshold.intValue(), signers);
    } catch (IllegalArgumentException e) {
      throw new MalformedTrust(String.valueOf(e.getMessage()));
    }
  }

  private static ReleaseSigner signer(JsonNode entry, String where) throws MalformedTrust {
    requireMembers(entry, where, Set.of("name", "keys"));
    if (!entry.get("name").isString() || !entry.get("keys").isArray()) {
      throw new MalformedTrust(where + " is not a name and an array of keys");
    }
    List<PublicKey> keys = new ArrayList<>();
    for (var pem : entry.get("keys")) {
      try {
        keys.addAll(PublicKeyPem.read(pem.asString("")));
      } catch (MalformedPem e) {
        throw new MalformedTrust(where + ".keys[" + keys.size() + "]: " + e.getMessage());
      }
    }
    return new ReleaseSigner(new FirmwareName(entry.get("name").stringValue()), keys);
  }

  private static void requireMembers(JsonNode node, String where, Set<String> names)
      throws MalformedTrust {
    if (!node.isObject()) {
      throw new MalformedTrust(where + " is not an object");
    }
    for (var name : node.propertyNames()) {
      if (!names.contains(name)) {
        throw new MalformedTrust(where + " has a member that is not known: '" + name + "'");
      }
    }
    for (var name : names) {
      if (!node.has(name)) {
        throw new MalformedTrust(where + " lacks '" + name + "'");
      }
    }
  }
}
