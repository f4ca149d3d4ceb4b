package io.sallyport.identity.attestation;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What evidence says of a device, once its signature and freshness were found good.
 *
 * @param debugClosed whether the evidence says that nobody can debug what was measured
 * @param secureBoot whether it says that only authorised code was started
 * @param measurements what was measured, in the evidence's order
 * @param facts everything else that is worth showing, by name
 */
public record Claims(
    boolean debugClosed,
    boolean secureBoot,
    List<Measurement> measurements,
    SortedMap<String, String> facts) {
  public Claims {
    measurements = List.copyOf(measurements);
    facts = new TreeMap<>(facts);
  }
}
