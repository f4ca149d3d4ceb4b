package io.sallyport.control.policies;

import io.sallyport.control.enforcement.LiveConnections;
import io.sallyport.control.registry.CertificateRecord;
import io.sallyport.control.registry.DeviceFacts;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.store.Database;
import io.sallyport.identity.CertificateAttributes;
import io.sallyport.identity.CertificateStatus;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.Action;
import io.sallyport.policy.ConnectionFacts;
import io.sallyport.policy.Explanation;
import io.sallyport.policy.LiveFacts;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.Subject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers what a principal may do and why, by the policies that are in force. */
public final class PolicyExplainer {
  private static final String SHARED = "$share/";
  private static final String LISTENER = "mqtt";

  private final Database database;
  private final Principals principals;
  private final LiveConnections connections;
  private final InstantSource clock;

  /** Explains by the registry and by what is connected now. */
  public PolicyExplainer(
      Database database, Principals principals, LiveConnections connections, InstantSource clock) {
    this.database = database;
    this.principals = principals;
    this.connections = connections;
    this.clock = clock;
  }

  /** The principal as it is registered, and the explanation. */
  public record Explained(PrincipalRecord principal, Explanation explanation) {}

  /**
   * Explains the part of a request that decides it; nothing if there is no such principal. Refuses
   * facts that no condition key could hold.
   */
  public Optional<Explained> explain(PolicyQuestion question) throws MalformedPolicy {
    var found = database.read(handle -> principals.find(handle, question.principal()));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var principal = found.get();
    var subject = subject(principal, question).assuming(question.assumed());
    var rights = SessionPolicy.compile(PolicySet.of(principal.policies()), subject);
    return Optional.of(new Explained(principal, explain(rights, question)));
  }

  /** Of a request that needs two rights, the second one if the first one is there. */
  private static Explanation explain(SessionPolicy rights, PolicyQuestion question) {
    var name = question.name();
    if (question.action() == Action.SUBSCRIBE && name.startsWith(SHARED)) {
      var parts = name.split("/", 3);
      var filter = rights.explain(Action.SUBSCRIBE, parts.length == 3 ? parts[2] : "");
      return filter.decision().isAllowed() ? rights.explain(Action.SHARE_GROUP, parts[1]) : filter;
    }
    var explanation = rights.explain(question.action(), name);
    return question.action() == Action.PUBLISH
            && question.retain()
            && explanation.decision().isAllowed()
        ? rights.explain(Action.RETAIN_PUBLISH, name)
        : explanation;
  }

  private Subject subject(PrincipalRecord principal, PolicyQuestion question) {
    var certificate = newest(principal);
    var subject =
        new Subject(
            question.clientId(),
            principal.kind() == PrincipalKind.DEVICE ? principal.id().value() : null,
            principal.thingType().isEmpty() ? null : principal.thingType(),
            principal.attributes(),
            attributes(certificate));
    return subject.with(connection(question), live(certificate, principal.facts()));
  }

  private static @Nullable CertificateRecord newest(PrincipalRecord principal) {
    return principal.certificates().stream()
        .filter(certificate -> certificate.status() == CertificateStatus.ACTIVE)
        .max(Comparator.comparing(CertificateRecord::notBefore))
        .orElse(null);
  }

  private static Function<String, List<String>> attributes(
      @Nullable CertificateRecord certificate) {
    try {
      return certificate == null
          ? _ -> List.of()
          : Subject.known(CertificateAttributes.of(Pem.certificate(certificate.pem())));
    } catch (MalformedPem e) {
      throw new IllegalStateException("a certificate of the registry is no certificate", e);
    }
  }

  /** Where the client is connected from, if it is. */
  private ConnectionFacts connection(PolicyQuestion question) {
    var address =
        connections.of(question.principal()).stream()
            .filter(connection -> connection.clientId().equals(question.clientId()))
            .map(connection -> host(connection.address()))
            .findFirst()
            .orElse(null);
    return new ConnectionFacts.Known(address, null, LISTENER, true);
  }

  private static String host(String address) {
    int port = address.lastIndexOf(':');
    return port < 0 ? address : address.substring(0, port);
  }

  private LiveFacts live(@Nullable CertificateRecord certificate, DeviceFacts facts) {
    var now = clock.instant();
    var age = certificate == null ? null : Duration.between(certificate.notBefore(), now).toDays();
    return new LiveFacts.Known(now, age, facts.firmwareVersion(), facts.attested(), facts.tags());
  }
}
