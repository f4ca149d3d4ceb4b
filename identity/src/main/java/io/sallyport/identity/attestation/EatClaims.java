package io.sallyport.identity.attestation;

import io.sallyport.identity.cose.CborReader;
import io.sallyport.identity.cose.MalformedCbor;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The claims of an entity attestation token without a narrower profile (RFC 9711, section 4): its
 * software is named and versioned, not measured by a digest.
 */
final class EatClaims {
  private static final int NONCE = 10;
  private static final int UEID = 256;
  private static final int HARDWARE_MODEL = 259;
  private static final int OEM_BOOT = 262;
  private static final int DEBUG_STATUS = 263;
  private static final int SOFTWARE_NAME = 270;
  private static final int SOFTWARE_VERSION = 271;
  // RFC 9711, 4.2.9: 0 is enabled; all others say that it is disabled, if only since the boot.
  private static final long DEBUG_DISABLED_MIN = 1;
  private static final long DEBUG_DISABLED_MAX = 4;
  private static final int NONCES_MAX = 8;

  private EatClaims() {}

  static Claims of(CborReader token, Expectation expected) throws MalformedCbor, EvidenceRefused {
    requireFresh(token.need(NONCE), expected);
    var facts = new TreeMap<String, String>();
    var ueid = token.at(UEID);
    if (ueid.isPresent()) {
      facts.put("instanceId", HexFormat.of().formatHex(ueid.get().bytes()));
    }
    var model = token.at(HARDWARE_MODEL);
    if (model.isPresent()) {
      facts.put("hardware", HexFormat.of().formatHex(model.get().bytes()));
    }
    long debug = token.need(DEBUG_STATUS).number();
    boolean closed = debug >= DEBUG_DISABLED_MIN && debug <= DEBUG_DISABLED_MAX;
    var oemBoot = token.at(OEM_BOOT);
    boolean secureBoot = oemBoot.isPresent() && oemBoot.get().truth();
    facts.put("debugStatus", Long.toString(debug));
    return new Claims(closed, secureBoot, software(token, facts), facts);
  }

  private static void requireFresh(CborReader nonce, Expectation expected)
      throws MalformedCbor, EvidenceRefused {
    if (!nonce.isArray()) {
      TokenEvidence.requireFresh(nonce.bytes(), expected);
      return;
    }
    // Several nonces, for several verifiers: ours must be the only one of its length.
    var elements = nonce.elements();
    var mine = new ArrayList<byte[]>();
    if (elements.size() <= NONCES_MAX) {
      for (var element : elements) {
        var bytes = element.bytes();
        if (bytes.length == Nonce.LENGTH) {
          mine.add(bytes);
        }
      }
    }
    if (mine.size() != 1) {
      throw new MalformedCbor("the token has not one nonce of " + Nonce.LENGTH + " bytes");
    }
    TokenEvidence.requireFresh(mine.getFirst(), expected);
  }

  private static List<Measurement> software(CborReader token, Map<String, String> facts)
      throws MalformedCbor {
    var name = token.at(SOFTWARE_NAME);
    var version = token.at(SOFTWARE_VERSION);
    if (name.isEmpty() || version.isEmpty()) {
      return List.of();
    }
    // RFC 9711, 4.2.7: an array of the version and, if wanted, its scheme.
    var parts = version.get().isArray() ? version.get().elements() : List.of(version.get());
    if (parts.isEmpty()) {
      throw new MalformedCbor("the software's version is empty");
    }
    var text = PsaClaims.printable(parts.getFirst().text());
    var component = PsaClaims.printable(name.get().text());
    facts.put("version:" + component, text);
    return List.of(TokenEvidence.measurement(component, "version:" + text));
  }
}
