package io.sallyport.identity.attestation;

import io.sallyport.identity.cose.CborReader;
import io.sallyport.identity.cose.MalformedCbor;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The claims of a PSA token: of RFC 9783, or of the profile before it ({@code PSA_IOT_PROFILE_1}),
 * which older firmware still makes.
 */
final class PsaClaims {
  private static final String PROFILE_2 = "tag:psacertified.org,2023:psa#tfm";
  private static final String PROFILE_1 = "PSA_IOT_PROFILE_1";
  // RFC 9783, 4.3.1: 0x3000 to 0x30ff.
  private static final long SECURED = 0x30;
  private static final int LIFECYCLE_SHIFT = 8;
  private static final int COMPONENTS_MAX = 64;
  private static final int TYPE = 1;
  private static final int VALUE = 2;
  private static final int VERSION = 4;
  private static final int SIGNER = 5;

  /** The numbers of the claims in one profile. */
  private record Labels(
      int profile,
      int nonce,
      int instance,
      int lifecycle,
      int implementation,
      int components,
      int hardware) {}

  private static final Labels RFC_9783 = new Labels(265, 10, 256, 2395, 2396, 2399, 2398);
  private static final Labels OLD =
      new Labels(-75000, -75008, -75009, -75002, -75003, -75006, -75005);

  private PsaClaims() {}

  static Claims of(CborReader token, Expectation expected) throws MalformedCbor, EvidenceRefused {
    var labels = labels(token);
    TokenEvidence.requireFresh(token.need(labels.nonce()).bytes(), expected);
    long lifecycle = token.need(labels.lifecycle()).number();
    boolean secured = lifecycle >> LIFECYCLE_SHIFT == SECURED;
    var facts = new TreeMap<String, String>();
    facts.put("instanceId", hex(token.need(labels.instance())));
    facts.put("implementationId", hex(token.need(labels.implementation())));
    facts.put("lifecycle", "0x" + Long.toHexString(lifecycle));
    var hardware = token.at(labels.hardware());
    if (hardware.isPresent()) {
      facts.put("hardware", printable(hardware.get().text()));
    }
    var measurements = measurements(token, labels, facts);
    // A PSA root of trust that is secured has verified what it started.
    return new Claims(secured, secured, measurements, facts);
  }

  private static Labels labels(CborReader token) throws MalformedCbor {
    var profile = token.at(RFC_9783.profile());
    if (profile.isPresent() && profile.get().text().equals(PROFILE_2)) {
      return RFC_9783;
    }
    var old = token.at(OLD.profile());
    if (profile.isEmpty() && (old.isEmpty() || old.get().text().equals(PROFILE_1))) {
      return OLD;
    }
    throw new MalformedCbor("the token's profile is neither " + PROFILE_2 + " nor " + PROFILE_1);
  }

  private static List<Measurement> measurements(
      CborReader token, Labels labels, Map<String, String> facts) throws MalformedCbor {
    var components = token.at(labels.components());
    if (components.isEmpty()) {
      return List.of();
    }
    var elements = components.get().elements();
    if (elements.size() > COMPONENTS_MAX) {
      throw new MalformedCbor("the token has more than " + COMPONENTS_MAX + " components");
    }
    var measurements = new ArrayList<Measurement>();
    for (var element : elements) {
      // Without its signer a component could be anybody's.
      element.need(SIGNER).bytes();
      var type = element.at(TYPE);
      var name = type.isPresent() ? type.get().text() : "";
      measurements.add(TokenEvidence.measurement(name, hex(element.need(VALUE))));
      var version = element.at(VERSION);
      if (version.isPresent()) {
        facts.put("version:" + printable(name), printable(version.get().text()));
      }
    }
    return measurements;
  }

  private static String hex(CborReader bytes) throws MalformedCbor {
    return HexFormat.of().formatHex(bytes.bytes());
  }

  static String printable(String text) throws MalformedCbor {
    if (text.length() > Measurement.COMPONENT_MAX
        || !text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw new MalformedCbor(
          "a text of the token is not at most "
              + Measurement.COMPONENT_MAX
              + " printable ASCII characters");
    }
    return text;
  }
}
