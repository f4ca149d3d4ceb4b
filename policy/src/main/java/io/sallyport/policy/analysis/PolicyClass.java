package io.sallyport.policy.analysis;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.Action;
import io.sallyport.policy.Mode;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.Subject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Principals that differ in nothing that policies can see but their names; a fleet of a million is
 * a handful of these.
 *
 * @param thingType its members' type, or null
 * @param attributes its members' attributes, as far as their policies ask for them
 * @param members how many there are
 */
public record PolicyClass(
    PrincipalKind kind,
    PolicySet policies,
    @Nullable String thingType,
    Map<String, String> attributes,
    long members) {

  private static final String CLIENT_ID = "iot:ClientId";
  private static final List<String> KNOWN_BEFORE_IT_CONNECTS =
      List.of(CLIENT_ID, "iot:Connection.Thing.", "iot:Certificate.Subject.");

  /** Copies what could change. */
  public PolicyClass {
    attributes = Map.copyOf(attributes);
  }

  /** What its member of this name can ever be allowed. */
  public Rights rights(String name) {
    return rights(name, Certainty.POSSIBLE);
  }

  /** What its member of this name is allowed, possibly or certainly. */
  Rights rights(String name, Certainty certainty) {
    var values = valuation(name);
    var rights = Rights.of(policies, values, Mode.STRICT, certainty);
    if (!connectsOtherwise(rights, name)) {
      return rights;
    }
    Valuation anyClientId =
        variable -> variable.equals(CLIENT_ID) ? new Valuation.Unknown() : values.of(variable);
    return Rights.of(policies, anyClientId, Mode.STRICT, certainty);
  }

  /** Whether it may connect as {@code <id>:<something>}, if the listener lets it. */
  private static boolean connectsOtherwise(Rights rights, String name) {
    return rights.clauses(Action.CONNECT).stream()
        .anyMatch(clause -> clause.allows() && clause.coversSomeBeginningWith(name + ":"));
  }

  private Valuation valuation(String name) {
    var known = Valuation.of(subject(name), Mode.STRICT);
    return variable ->
        KNOWN_BEFORE_IT_CONNECTS.stream().anyMatch(variable::startsWith)
            ? known.of(variable)
            : new Valuation.Unknown();
  }

  /** The values of variables that are made of the name. */
  boolean isNamed(String variable) {
    var one = valuation("one").of(variable);
    return one instanceof Valuation.Known && !one.equals(valuation("two").of(variable));
  }

  /** The name in front of which this stands in a certificate's URI. */
  String uriPrefix() {
    return kind.uri(new PrincipalId("x")).replaceFirst("x$", "");
  }

  private Subject subject(String name) {
    boolean device = kind == PrincipalKind.DEVICE;
    // The certificates that we issue name nothing else.
    var certificate =
        Map.of(
            "Subject.CommonName", List.of(name),
            "Subject.AlternativeName.UniformResourceIdentifier", List.of(uriPrefix() + name));
    return new Subject(
        name, device ? name : null, thingType, attributes, Subject.known(certificate));
  }
}
