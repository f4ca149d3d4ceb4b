package io.sallyport.gateway.trust;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import io.sallyport.policy.PolicySet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that the gate must know of one principal; immutable, replaced as a whole.
 *
 * @param id its name, the common name of its certificates
 * @param kind what its certificates must say that it is
 * @param standing whether it may be let in at all
 * @param activeCertificates the certificates that open the gate; several while one is rotated
 * @param policies what it may do
 * @param thingType the AWS IoT thing type, if it has one
 * @param attributes the AWS IoT thing attributes
 * @param state what it runs and what operators call it
 * @param observation whether what it does is recorded, or null if it is not
 */
public record TrustedPrincipal(
    PrincipalId id,
    PrincipalKind kind,
    Standing standing,
    Set<Fingerprint> activeCertificates,
    PolicySet policies,
    @Nullable String thingType,
    Map<String, String> attributes,
    DeviceState state,
    @Nullable Observation observation) {
  public TrustedPrincipal {
    activeCertificates = Set.copyOf(activeCertificates);
    attributes = Map.copyOf(attributes);
  }

  /** A principal that has said nothing of what it runs. */
  public TrustedPrincipal(
      PrincipalId id,
      PrincipalKind kind,
      Standing standing,
      Set<Fingerprint> activeCertificates,
      PolicySet policies,
      @Nullable String thingType,
      Map<String, String> attributes) {
    this(
        id,
        kind,
        standing,
        activeCertificates,
        policies,
        thingType,
        attributes,
        DeviceState.UNKNOWN);
  }

  /** A principal that nobody observes. */
  public TrustedPrincipal(
      PrincipalId id,
      PrincipalKind kind,
      Standing standing,
      Set<Fingerprint> activeCertificates,
      PolicySet policies,
      @Nullable String thingType,
      Map<String, String> attributes,
      DeviceState state) {
    this(id, kind, standing, activeCertificates, policies, thingType, attributes, state, null);
  }

  /** The same principal, observed or not. */
  public TrustedPrincipal observed(@Nullable Observation by) {
    return new TrustedPrincipal(
        id, kind, standing, activeCertificates, policies, thingType, attributes, state, by);
  }

  /** Whether this certificate lets this principal in now. */
  public boolean admits(Fingerprint certificate) {
    return standing == Standing.ACTIVE && activeCertificates.contains(certificate);
  }
}
