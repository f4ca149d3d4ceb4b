package io.sallyport.control.policies;

import io.sallyport.control.enforcement.LiveConnections.LiveConnection;
import io.sallyport.control.enforcement.Surroundings;
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
import io.sallyport.policy.ListenerRules;
import io.sallyport.policy.LiveFacts;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.SearchBudget;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.Subject;
import io.sallyport.policy.SubscribeDecision;
import io.sallyport.policy.SubscribeRule;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers what a principal may do and why, by the policies that are in force. */
public final class PolicyExplainer {
  private final Database database;
  private final Principals principals;
  private final Surroundings surroundings;
  private final InstantSource clock;

  /** Explains by the registry and by what is connected now. */
  public PolicyExplainer(
      Database database, Principals principals, Surroundings surroundings, InstantSource clock) {
    this.database = database;
    this.principals = principals;
    this.surroundings = surroundings;
    this.clock = clock;
  }

  /**
   * The principal as it is registered, and the explanation.
   *
   * @param listener how policies were read for it
   * @param subscribe what came of a SUBSCRIBE, or null if something else was asked
   */
  public record Explained(
      PrincipalRecord principal,
      ListenerRules listener,
      Explanation explanation,
      @Nullable SubscribeDecision subscribe) {
    public boolean isAllowed() {
      return subscribe == null ? explanation.decision().isAllowed() : subscribe.isGranted();
    }

    /** Why, in one line. */
    public String reason() {
      return subscribe == null ? explanation.decision().explanation() : subscribe.explanation();
    }
  }

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
    var connection = connection(question);
    var listener = listener(question, connection);
    var subject =
        subject(principal, question, facts(connection, listener)).assuming(question.assumed());
    var set = PolicySet.of(principal.policies());
    var rights = SessionPolicy.compile(set, subject, listener.mode());
    if (question.action() == Action.SUBSCRIBE) {
      var budget = new SearchBudget(Integer.MAX_VALUE);
      var decision = rights.subscribe(question.name(), listener.subscribe(), budget);
      var explanation = decision.explain(rights, question.name());
      return Optional.of(new Explained(principal, listener, explanation, decision));
    }
    return Optional.of(new Explained(principal, listener, explain(rights, question), null));
  }

  /** Of a request that needs two rights, the second one if the first one is there. */
  private static Explanation explain(SessionPolicy rights, PolicyQuestion question) {
    var name = question.name();
    var explanation = rights.explain(question.action(), name);
    return question.action() == Action.PUBLISH
            && question.retain()
            && explanation.decision().isAllowed()
        ? rights.explain(Action.RETAIN_PUBLISH, name)
        : explanation;
  }

  private Subject subject(
      PrincipalRecord principal, PolicyQuestion question, ConnectionFacts connection) {
    var certificate = newest(principal);
    var subject =
        new Subject(
            question.clientId(),
            principal.kind() == PrincipalKind.DEVICE ? principal.id().value() : null,
            principal.thingType().isEmpty() ? null : principal.thingType(),
            principal.attributes(),
            attributes(certificate));
    return subject.with(connection, live(certificate, principal.facts()));
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

  /** The connection of the client, if it is connected. */
  private @Nullable LiveConnection connection(PolicyQuestion question) {
    return surroundings.connections().of(question.principal()).stream()
        .filter(connection -> connection.clientId().equals(question.clientId()))
        .findFirst()
        .orElse(null);
  }

  private ListenerRules listener(PolicyQuestion question, @Nullable LiveConnection connection) {
    var used =
        surroundings.listeners().stream()
            .filter(one -> connection != null && one.name().equals(connection.listener()))
            .findFirst()
            .orElse(surroundings.listeners().getFirst());
    var mode = question.mode();
    return mode == null || mode == used.mode()
        ? used
        : new ListenerRules(used.name(), mode, SubscribeRule.of(mode));
  }

  private static ConnectionFacts facts(
      @Nullable LiveConnection connection, ListenerRules listener) {
    var address = connection == null ? null : host(connection.address());
    return new ConnectionFacts.Known(address, null, listener.name(), true);
  }

  private static String host(String address) {
    int port = address.lastIndexOf(':');
    return port < 0 ? address : address.substring(0, port);
  }

  private LiveFacts live(@Nullable CertificateRecord certificate, DeviceFacts facts) {
    var now = clock.instant();
    var age = certificate == null ? null : Duration.between(certificate.notBefore(), now).toDays();
    return new LiveFacts.Known(
        now, age, facts.firmwareVersion(), facts.attestedAt(now), facts.tags());
  }
}
