package io.sallyport.cli.audit;

import io.sallyport.cli.server.Answer;
import io.sallyport.identity.keys.SharedFactors;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is found in a fleet that is read certificate by certificate. */
final class FleetFindings {
  /** Bound: findings that are told; of more, only their number. */
  static final int FINDINGS_MAX = 10_000;

  private static final String ERROR = "error";
  private static final String WARNING = "warning";
  private static final int HEX = 16;

  private final @Nullable Pattern names;
  private final List<Found> findings = new ArrayList<>();
  // By modulus, so that one which several have is compared once.
  private final Map<BigInteger, String> moduli = new LinkedHashMap<>();
  private final Map<String, String> looks = new HashMap<>();
  private long certificates;
  private long untold;

  /** One finding and whom it is about. */
  record Found(String rule, String severity, List<String> principals, String detail) {}

  FleetFindings(@Nullable Pattern names) {
    this.names = names;
  }

  void duplicate(Answer duplicate) {
    add(
        new Found(
            "keys-duplicate",
            ERROR,
            duplicate.texts("principals"),
            "they have one key: " + duplicate.text("key")));
  }

  void certificate(Answer certificate) {
    certificates++;
    var principal = certificate.text("principal");
    for (var finding : certificate.objects("findings")) {
      add(
          new Found(
              finding.text("rule"),
              finding.text("severity"),
              List.of(principal),
              finding.text("detail")));
    }
    certificate
        .optionalText("modulus")
        .ifPresent(modulus -> modulus(principal, new BigInteger(modulus, HEX)));
    if (!certificate.text("kind").equals("operator")) {
      name(principal);
    }
  }

  long certificates() {
    return certificates;
  }

  int rsaKeys() {
    return moduli.size();
  }

  /** How many more there are than were told. */
  long untold() {
    return untold;
  }

  List<Found> findings() {
    return List.copyOf(findings);
  }

  long comparisons() {
    return SharedFactors.steps(moduli.size());
  }

  /** Looks for factors that two have. */
  void compare(LongConsumer progress) {
    var holders = List.copyOf(moduli.values());
    for (var pair : SharedFactors.among(List.copyOf(moduli.keySet()), progress)) {
      add(
          new Found(
              "keys-shared-factor",
              ERROR,
              List.of(holders.get(pair.first()), holders.get(pair.second())),
              "their RSA keys share a factor of "
                  + pair.bits()
                  + " bits: everybody can compute both"));
    }
  }

  private void modulus(String principal, BigInteger modulus) {
    var other = moduli.putIfAbsent(modulus, principal);
    if (other != null && !other.equals(principal)) {
      add(
          new Found(
              "keys-shared-modulus",
              ERROR,
              List.of(other, principal),
              "they have one RSA modulus"));
    }
  }

  private void name(String principal) {
    var other = looks.putIfAbsent(LookAlike.of(principal), principal);
    if (other != null && !other.equals(principal)) {
      add(
          new Found(
              "names-look-alike", WARNING, List.of(other, principal), "they are easily mistaken"));
    }
    // Somebody with two certificates is told of once.
    if (names != null && !principal.equals(other) && !names.matcher(principal).matches()) {
      add(
          new Found(
              "names-pattern", WARNING, List.of(principal), "not of the form " + names.pattern()));
    }
  }

  private void add(Found found) {
    if (findings.size() < FINDINGS_MAX) {
      findings.add(found);
    } else {
      untold++;
    }
  }
}
