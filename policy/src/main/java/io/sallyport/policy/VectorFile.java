package io.sallyport.policy;

import io.sallyport.policy.MalformedPolicy.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a file of vectors says, as far as it is understood. */
final class VectorFile {
  /** Bound: the longest file, in characters. */
  static final int LENGTH_MAX = 16 * 1024 * 1024;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  // What the context of a vector may call by a name of its own; else the name of a condition key.
  private static final Map<String, String> SHORT =
      Map.of(
          "connectAttributes", "iot:ConnectAttributes",
          "lastWillTopic", "iot:LastWillTopic",
          "ip", "aws:SourceIp",
          "sourceIp", "aws:SourceIp",
          "domainName", "iot:DomainName",
          "secureTransport", "aws:SecureTransport",
          "time", "aws:CurrentTime",
          "currentTime", "aws:CurrentTime",
          "epochTime", "aws:EpochTime");
  private static final String RETAIN = "retain";

  private final Mode mode;
  private final Map<String, JsonNode> policies = new HashMap<>();
  private final Map<ReadAs, ReadPolicy> read = new HashMap<>();
  private final Map<String, Subject> principals = new HashMap<>();
  private final List<Vector> vectors = new ArrayList<>();

  /** One expectation; what the file leaves out is the empty string. */
  record Vector(
      String id,
      Set<String> policies,
      String principal,
      String action,
      String name,
      Map<String, JsonNode> context,
      Mode mode,
      String expect) {}

  /** What a vector asks of the engine, or why it cannot be asked. */
  sealed interface Asked {}

  record Question(SessionPolicy rights, List<Action> actions) implements Asked {}

  record Unanswerable(String why) implements Asked {}

  private record ReadAs(String name, Mode mode) {}

  private record ReadPolicy(@Nullable PolicyDocument document, String refusal) {}

  private VectorFile(Mode mode) {
    this.mode = mode;
  }

  static VectorFile read(String json) throws MalformedPolicy {
    if (json.length() > LENGTH_MAX) {
      throw new MalformedPolicy(
          Reason.TOO_LARGE, 1, 1, "a vector file has at most " + LENGTH_MAX + " characters");
    }
    var tree = tree(json);
    var file = new VectorFile(mode(tree.path("mode"), Mode.AWS_COMPAT));
    file.policies.putAll(section(tree, "policies"));
    section(tree, "principals").forEach((name, facts) -> file.principals.put(name, subject(facts)));
    if (!tree.path("vectors").isArray()) {
      throw notVectors("a vector file needs the list 'vectors'");
    }
    for (var vector : tree.path("vectors")) {
      file.vectors.add(file.vector(vector));
    }
    return file;
  }

  private static JsonNode tree(String json) throws MalformedPolicy {
    try {
      return JSON.readTree(json);
    } catch (JacksonException e) {
      throw StrictJson.refused(e);
    }
  }

  private static Map<String, JsonNode> section(JsonNode tree, String name) throws MalformedPolicy {
    if (!tree.path(name).isObject()) {
      throw notVectors("a vector file needs the object '" + name + "'");
    }
    return members(tree.path(name));
  }

  private static Mode mode(JsonNode mode, Mode otherwise) throws MalformedPolicy {
    if (mode.isMissingNode()) {
      return otherwise;
    }
    return switch (mode.asString("")) {
      case "aws-compat" -> Mode.AWS_COMPAT;
      case "strict" -> Mode.STRICT;
      default -> throw notVectors("'mode' must be 'strict' or 'aws-compat'");
    };
  }

  private static MalformedPolicy notVectors(String message) {
    return new MalformedPolicy(Reason.MISSING_OR_CONFLICTING_MEMBER, 1, 1, message);
  }

  private ReadPolicy policy(String name, Mode mode) {
    return read.computeIfAbsent(new ReadAs(name, mode), this::readPolicy);
  }

  private ReadPolicy readPolicy(ReadAs as) {
    var document = policies.get(as.name);
    if (document == null) {
      return new ReadPolicy(null, "no such policy");
    }
    try {
      return new ReadPolicy(PolicyDocument.parse(document.toString(), as.mode), "");
    } catch (MalformedPolicy e) {
      return new ReadPolicy(null, e.getMessage());
    }
  }

  private static Subject subject(JsonNode facts) {
    var thing = facts.path("thing").asStringOpt().orElse(null);
    var attributes = new HashMap<String, String>();
    members(facts.path("attrs")).forEach((name, value) -> attributes.put(name, value.asString("")));
    var certificate = new HashMap<String, List<String>>();
    members(facts.path("cert")).forEach((name, values) -> certificate.put(name, strings(values)));
    return new Subject(
            string(facts, "clientId"),
            thing,
            facts.path("type").asStringOpt().orElse(null),
            attributes,
            Subject.known(certificate),
            facts.path("attached").asBoolean(thing != null))
        .with(connection(facts), LiveFacts.NONE);
  }

  private static ConnectionFacts connection(JsonNode facts) {
    return new ConnectionFacts.Known(
        facts.path("ip").asStringOpt().orElse(null),
        facts.path("domainName").asStringOpt().orElse(null),
        null,
        true);
  }

  private Vector vector(JsonNode vector) throws MalformedPolicy {
    return new Vector(
        string(vector, "id"),
        Set.copyOf(strings(vector.path("policies"))),
        string(vector, "principal"),
        string(vector, "action"),
        string(vector, "name"),
        members(vector.path("ctx")),
        mode(vector.path("mode"), mode),
        string(vector, "expect"));
  }

  private static String string(JsonNode node, String member) {
    return node.path(member).asString("");
  }

  private static List<String> strings(JsonNode list) {
    return list.valueStream().map(value -> value.asString("")).toList();
  }

  private static Map<String, JsonNode> members(JsonNode node) {
    var members = new LinkedHashMap<String, JsonNode>();
    node.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
    return members;
  }

  List<Vector> vectors() {
    return vectors;
  }

  /** What the vector asks; whatever is not understood makes it unanswerable, never a guess. */
  Asked question(Vector vector) {
    var principal = principals.get(vector.principal());
    if (principal == null) {
      return new Unanswerable("unknown principal: " + Text.quoted(vector.principal()));
    }
    if (!Set.of("allow", "deny").contains(vector.expect())) {
      return new Unanswerable("neither 'allow' nor 'deny': " + Text.quoted(vector.expect()));
    }
    var actions = actions(vector);
    if (actions.isEmpty()) {
      return new Unanswerable("no enforced action: " + Text.quoted(vector.action()));
    }
    try {
      return question(vector, principal.assuming(assumed(vector)), actions);
    } catch (MalformedPolicy e) {
      return new Unanswerable("context not understood: " + e.getMessage());
    }
  }

  private static Map<String, List<String>> assumed(Vector vector) {
    var assumed = new HashMap<String, List<String>>();
    vector
        .context()
        .forEach(
            (name, value) -> {
              if (!name.equals(RETAIN)) {
                assumed.put(
                    SHORT.getOrDefault(name, name),
                    value.isArray() ? strings(value) : List.of(value.asString("")));
              }
            });
    return assumed;
  }

  private Asked question(Vector vector, Subject principal, List<Action> actions) {
    if (vector.policies().size() > PolicySet.POLICIES_MAX) {
      return new Unanswerable("more than " + PolicySet.POLICIES_MAX + " policies");
    }
    var attached = new ArrayList<PolicyVersion>();
    for (var name : vector.policies()) {
      var policy = policy(name, vector.mode());
      if (policy.document() == null) {
        return new Unanswerable("policy " + Text.quoted(name) + ": " + policy.refusal());
      }
      attached.add(new PolicyVersion(name, 1, policy.document()));
    }
    var rights = SessionPolicy.compile(PolicySet.of(attached), principal, vector.mode());
    return new Question(rights, actions);
  }

  private static List<Action> actions(Vector vector) {
    var retain = vector.context().get(RETAIN);
    if (vector.action().equals(Action.PUBLISH.word())
        && retain != null
        && retain.asBoolean(false)) {
      return List.of(Action.PUBLISH, Action.RETAIN_PUBLISH);
    }
    return List.of(Action.values()).stream()
        .filter(action -> action.word().equals(vector.action()))
        .toList();
  }
}
