package io.sallyport.gateway.connection;

import io.sallyport.gateway.trust.TrustState;
import io.sallyport.gateway.trust.TrustedPrincipal;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.Mode;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.Subject;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Makes the rights of a session. */
final class Rights {
  private Rights() {}

  /** The rights of a principal on one connection, by the facts of the certificate it showed. */
  static SessionPolicy of(
      GateContext gate, TrustedPrincipal principal, String clientId, Connection connection) {
    var certificate = new CertificateFacts(connection.channel());
    var circumstances = Circumstances.of(gate, principal.id(), connection, certificate);
    var rules = connection.rules();
    var policies = principal.policies();
    var rights = of(principal, policies, clientId, certificate, circumstances, rules.mode());
    var usage = gate.recording().usage();
    var observation = principal.observation();
    if (observation == null) {
      return rights.watched(usage, null);
    }
    var proposed = observation.proposed();
    var tried =
        proposed == null
            ? null
            : of(principal, proposed, clientId, certificate, circumstances, rules.mode());
    return rights.watched(
        usage, new Observing(gate, principal, clientId, rules.subscribe(), tried));
  }

  /**
   * The rights of a principal that is not connected: of its certificate only what every certificate
   * of it says, of its connection nothing.
   */
  static SessionPolicy whileAway(
      TrustedPrincipal principal,
      String clientId,
      Mode mode,
      TrustState trust,
      InstantSource clock) {
    return of(
        principal,
        principal.policies(),
        clientId,
        Subject.known(
            Map.of(
                "Subject.CommonName", List.of(principal.id().value()),
                "Subject.AlternativeName.UniformResourceIdentifier",
                    List.of(principal.kind().uri(principal.id())))),
        Circumstances.whileAway(trust, clock, principal.id()),
        mode);
  }

  private static SessionPolicy of(
      TrustedPrincipal principal,
      PolicySet policies,
      String clientId,
      Function<String, List<String>> certificate,
      Circumstances circumstances,
      Mode mode) {
    boolean device = principal.kind() == PrincipalKind.DEVICE;
    var subject =
        new Subject(
            clientId,
            device ? principal.id().value() : null,
            principal.thingType(),
            principal.attributes(),
            certificate);
    return SessionPolicy.compile(policies, subject.with(circumstances, circumstances), mode);
  }
}
