package io.sallyport.policy.analysis;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Something that no policy may ever make possible.
 *
 * @param name what people call it
 * @param kind whom it is about, null for everyone
 * @param except the names that it is not about
 * @param never what they must never do
 * @param filter to which topics, as an MQTT filter in which {@code {other}} is the name of anybody
 *     else
 */
public record Invariant(
    String name, @Nullable PrincipalKind kind, Set<String> except, Access never, String filter) {
  /** Bound: invariants in one file, and characters of it. */
  public static final int INVARIANTS_MAX = 100;

  public static final int LENGTH_MAX = 64 * 1024;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Set<String> MEMBERS = Set.of("name", "who", "except", "never", "topic");

  /** Copies what could change. */
  public Invariant {
    except = Set.copyOf(except);
  }

  /** The file is none of invariants; the message says why. */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /**
   * Who breaks it, and how: a topic that it can reach.
   *
   * @param when the facts under which it can, in words; none where it always can
   */
  public record Breach(
      PolicyClass principals, String principal, String topic, String filter, List<String> when) {
    /** The counterexample in words. */
    public String sentence() {
      var policies =
          principals.policies().policies().stream()
              .map(policy -> policy.name() + " v" + policy.version())
              .toList();
      return principal
          + " with "
          + policies
          + (filter.isEmpty()
              ? " can publish to '" + topic + "'"
              : " can receive from '" + topic + "' by the filter '" + filter + "'")
          + (when.isEmpty() ? "" : ", when " + String.join(" and ", when));
    }
  }

  /** What a proof comes to; what is not proven is a no. */
  public sealed interface Verdict {
    /** It can never be broken. */
    record Holds() implements Verdict {}

    /** It can be broken so. */
    record Broken(Breach breach) implements Verdict {}

    /** No way to break it was found, and no proof that there is none. */
    record Unproven(String why) implements Verdict {}
  }

  /** Reads a file: an object with the list {@code invariants}. */
  public static List<Invariant> parse(String json) throws Malformed {
    if (json.length() > LENGTH_MAX) {
      throw new Malformed("a file of invariants has at most " + LENGTH_MAX + " characters");
    }
    JsonNode tree;
    try {
      tree = JSON.readTree(json);
    } catch (JacksonException e) {
      throw new Malformed("not JSON: " + e.getOriginalMessage());
    }
    var list = tree.path("invariants");
    if (!list.isArray() || tree.size() != 1 || list.size() > INVARIANTS_MAX) {
      throw new Malformed(
          "an object with one member, 'invariants', a list of at most " + INVARIANTS_MAX);
    }
    var invariants = new ArrayList<Invariant>();
    for (var one : list) {
      invariants.add(one(one));
    }
    return List.copyOf(invariants);
  }

  private static Invariant one(JsonNode node) throws Malformed {
    for (var member : node.propertyNames()) {
      if (!MEMBERS.contains(member)) {
        throw new Malformed("an invariant has no member '" + member + "'");
      }
    }
    var name = node.path("name").asString("");
    var filter = node.path("topic").asString("");
    if (name.isBlank() || !isFilter(filter)) {
      throw new Malformed("'name' must be a text, and 'topic' an MQTT filter: '" + filter + "'");
    }
    var except = new TreeSet<String>();
    for (var id : node.path("except")) {
      if (!PrincipalId.isValid(id.asString(""))) {
        throw new Malformed("'except' is a list of ids");
      }
      except.add(id.asString(""));
    }
    return new Invariant(name, kind(node), except, access(node), filter);
  }

  private static boolean isFilter(String filter) {
    return filter.length() <= Reach.TOPIC_LENGTH_MAX
        && Names.FILTERS.contains(filter.replace(Others.PLACEHOLDER, "x"));
  }

  private static @Nullable PrincipalKind kind(JsonNode node) throws Malformed {
    return switch (node.path("who").asString("everyone")) {
      case "devices" -> PrincipalKind.DEVICE;
      case "backends" -> PrincipalKind.BACKEND;
      case "everyone" -> null;
      default -> throw new Malformed("'who' is 'devices', 'backends' or 'everyone'");
    };
  }

  private static Access access(JsonNode node) throws Malformed {
    return switch (node.path("never").asString("")) {
      case "read" -> Access.READ;
      case "write" -> Access.WRITE;
      default -> throw new Malformed("'never' is 'read' or 'write'");
    };
  }

  /** Whether it holds for every principal of this class, whatever its name. */
  public Verdict verdict(PolicyClass principals) {
    return verdict(principals, () -> false);
  }

  /**
   * The same.
   *
   * @param late whether it has taken too long, which ends it with {@link TooComplex}
   */
  public Verdict verdict(PolicyClass principals, BooleanSupplier late) {
    return kind != null && kind != principals.kind()
        ? new Verdict.Holds()
        : new InvariantProof(this, principals, late).verdict();
  }
}
