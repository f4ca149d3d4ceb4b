package io.sallyport.policy.analysis;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.Action;
import io.sallyport.policy.Mode;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.Subject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Principals that differ in nothing that policies can see but their names; a fleet of a million is
 * a handful of these.
 *
 * @param thingType its members' type, or null
 * @param attributes its members' attributes, as far as their policies ask for them; null where
 *     neither these nor the type are known
 * @param members how many there are
 */
public record PolicyClass(
    PrincipalKind kind,
    PolicySet policies,
    @Nullable String thingType,
    @Nullable Map<String, String> attributes,
    long members) {

  static final String CLIENT_ID = "iot:ClientId";
  private static final List<String> KNOWN_BEFORE_IT_CONNECTS =
      List.of(CLIENT_ID, "iot:Connection.Thing.", "iot:Certificate.Subject.");

  private static final List<String> DESCRIBING =
      List.of("iot:Connection.Thing.Attributes", "iot:Connection.Thing.ThingTypeName");

  /** Copies what could change. */
  public PolicyClass {
    attributes = attributes == null ? null : Map.copyOf(attributes);
  }

  /** Whoever has these policies, with whatever type and attributes. */
  public static PolicyClass anybody(PrincipalKind kind, PolicySet policies) {
    return new PolicyClass(kind, policies, null, null, 1);
  }

  /** What its member of this name can ever be allowed. */
  public Rights rights(String name) {
    return rights(name, Certainty.POSSIBLE);
  }

  /** What its member of this name is allowed, possibly or certainly. */
  Rights rights(String name, Certainty certainty) {
    var statements = Rights.statements(policies);
    var extended = extended(name, statements, certainty);
    return connectsExtended(name, extended) ? extended : bare(name, statements, certainty);
  }

  /** What it is allowed under a client id that is its name. */
  Rights bare(String name, List<StatementView> statements, Certainty certainty) {
    return Rights.of(statements, valuation(name), Mode.STRICT, certainty);
  }

  /** The same under {@code <name>:<something>} too, if it may connect so. */
  Rights extended(String name, List<StatementView> statements, Certainty certainty) {
    var values = valuation(name);
    Valuation extended =
        variable -> variable.equals(CLIENT_ID) ? new Valuation.Extended(name) : values.of(variable);
    return Rights.of(statements, extended, Mode.STRICT, certainty);
  }

  /** Whether it may connect so by these rights. */
  static boolean connectsExtended(String name, Rights extended) {
    return extended.clauses(Action.CONNECT).stream()
        .anyMatch(clause -> clause.allows() && clause.coversSomeBeginningWith(name + ":"));
  }

  /** What is known of its member of this name. */
  Valuation valuation(String name) {
    var known = Valuation.of(subject(name), Mode.STRICT);
    return variable ->
        Naming.isSomebody(variable)
            ? new Valuation.AnyId()
            : isKnown(variable) ? known.of(variable) : new Valuation.Unknown();
  }

  /** Whether the registry knows it, by the word of a variable or of a condition's key. */
  boolean isKnown(String variable) {
    boolean described = attributes != null || DESCRIBING.stream().noneMatch(variable::startsWith);
    return described && KNOWN_BEFORE_IT_CONNECTS.stream().anyMatch(variable::startsWith);
  }

  /** Whether it depends on something unknown if the statement applies. */
  boolean isDoubtful(StatementView statement) {
    return statement.conditional()
        || statement.resources().stream()
            .flatMap(resource -> resource.variables().stream())
            .anyMatch(variable -> !isKnown(variable));
  }

  /** A statement as it counts for this member, or null if it says nothing there. */
  @Nullable Clause clause(StatementView statement, Action action, String name) {
    return Clause.of(statement, action, valuation(name), Mode.STRICT, Certainty.POSSIBLE);
  }

  /** These patterns with the values of this member. */
  List<Pattern> patterns(List<List<StatementView.Piece>> patterns, String name) {
    return patterns.stream().map(pieces -> Pattern.of(pieces, valuation(name))).toList();
  }

  /** The values of variables that are made of the name. */
  boolean isNamed(String variable) {
    if (!isKnown(variable)) {
      return false;
    }
    var one = valuation("one").of(variable);
    return one instanceof Valuation.Known && !one.equals(valuation("two").of(variable));
  }

  /** The name in front of which this stands in a certificate's URI. */
  String uriPrefix() {
    return kind.uri(new PrincipalId("x")).replaceFirst("x$", "");
  }

  /** Its member of this name, as far as it is known. */
  Subject subject(String name) {
    boolean device = kind == PrincipalKind.DEVICE;
    // The certificates that we issue name nothing else.
    var certificate =
        Map.of(
            "Subject.CommonName", List.of(name),
            "Subject.AlternativeName.UniformResourceIdentifier", List.of(uriPrefix() + name));
    return new Subject(
        name,
        device ? name : null,
        thingType,
        attributes == null ? Map.of() : attributes,
        Subject.known(certificate));
  }
}
