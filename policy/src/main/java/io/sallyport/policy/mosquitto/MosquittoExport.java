package io.sallyport.policy.mosquitto;

import io.sallyport.policy.Action;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.StatementView;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The policies of one principal as rules of an ACL file. A statement that no rule can say is named;
 * what is written instead allows less, save that Mosquitto knows no right of its own to retain.
 */
public final class MosquittoExport {
  private static final List<Access> RIGHTS = List.of(Access.WRITE, Access.READ);
  private static final List<Set<Access>> KINDS =
      List.of(Set.of(Access.READ, Access.WRITE), Set.of(Access.READ), Set.of(Access.WRITE));

  private static final Set<String> DOLLARS = Set.of("topic/$*", "topicfilter/$*");

  /**
   * A statement that is not kept exactly.
   *
   * @param statement which
   * @param why what is lost
   */
  public record Complaint(String statement, String why) {}

  private final @Nullable String user;
  private final List<StatementView> statements = new ArrayList<>();
  private final Set<Complaint> complaints = new LinkedHashSet<>();
  private final Map<String, Set<Access>> allowed = new TreeMap<>();
  private final Set<String> denied = new LinkedHashSet<>();

  /** Which names each action is denied on, and by which statement. */
  private final Map<Access, Map<String, StatementView>> deniedNames = new EnumMap<>(Access.class);

  /** Denials that a plus says better than any rule. */
  private final Map<Access, Set<String>> saidByPlus = new EnumMap<>(Access.class);

  private MosquittoExport(Map<String, PolicyDocument> policies, @Nullable String user) {
    this.user = user;
    policies.forEach(
        (name, document) ->
            statements.addAll(StatementView.of(new PolicyVersion(name, 1, document))));
    statements.forEach(this::lookAtOtherActions);
    RIGHTS.forEach(this::gatherDenied);
    RIGHTS.forEach(this::allow);
    RIGHTS.forEach(this::deny);
  }

  /** Rules for everybody, in which the principal's id is {@code %u}. */
  public static MosquittoExport patterns(Map<String, PolicyDocument> policies) {
    return new MosquittoExport(policies, null);
  }

  /** Rules for one user. */
  public static MosquittoExport user(Map<String, PolicyDocument> policies, String user) {
    return new MosquittoExport(policies, user);
  }

  /** What cannot be said. */
  public List<Complaint> complaints() {
    return List.copyOf(complaints);
  }

  /** The ACL file. */
  public String text() {
    var text =
        new StringBuilder("# Needs use_identity_as_username and use_username_as_clientid.\n");
    var keyword = user == null ? "pattern " : "topic ";
    if (user != null) {
      text.append("user ").append(user).append('\n');
    }
    merged(denied)
        .forEach(filter -> text.append(keyword).append("deny ").append(filter).append('\n'));
    for (var kinds : KINDS) {
      var filters = new LinkedHashSet<String>();
      allowed.forEach((filter, access) -> addIf(access.equals(kinds), filter, filters));
      merged(filters)
          .forEach(
              filter ->
                  text.append(keyword).append(word(kinds)).append(' ').append(filter).append('\n'));
    }
    return text.toString();
  }

  private static void addIf(boolean wanted, String filter, Set<String> filters) {
    if (wanted) {
      filters.add(filter);
    }
  }

  /** The same filters with 'a' and 'a/+/#' as 'a/#'. */
  private static Set<String> merged(Set<String> filters) {
    var merged = new LinkedHashSet<>(filters);
    for (var filter : filters) {
      if (merged.contains(filter + "/+/#")) {
        merged.removeAll(List.of(filter, filter + "/+/#"));
        merged.add(filter + "/#");
      }
    }
    return merged;
  }

  private static String word(Set<Access> access) {
    return access.size() == 2 ? "readwrite" : access.contains(Access.READ) ? "read" : "write";
  }

  private void lookAtOtherActions(StatementView statement) {
    if (concerns(statement, Action.CONNECT) && !isOwnClientId(statement)) {
      complain(statement, "an ACL file has no rules about client ids");
    }
    if (concerns(statement, Action.SHARE_GROUP)) {
      complain(statement, "Mosquitto lets everybody share a subscription");
    }
    if (concerns(statement, Action.SUBSCRIBE) && !statement.allows()) {
      complain(statement, "Mosquitto grants every SUBSCRIBE");
    }
  }

  /** Whether some name of this action can be meant. */
  private static boolean concerns(StatementView statement, Action action) {
    return statement.actions().contains(action)
        && (statement.excluding()
            || statement.resources().stream().anyMatch(one -> one.names().containsKey(action)));
  }

  /** What use_username_as_clientid does is no loss. */
  private static boolean isOwnClientId(StatementView statement) {
    return statement.plain()
        && statement.allows()
        && statement.resources().stream()
            .allMatch(resource -> resource.text().equals("client/" + Wording.USER));
  }

  private void gatherDenied(Access access) {
    var names = new LinkedHashMap<String, StatementView>();
    for (var statement : statements) {
      if (!statement.allows() && statement.actions().contains(asked(access))) {
        if (statement.plain()) {
          names(statement, "topic").forEach(name -> names.put(name, statement));
        } else {
          complain(statement, "without its exceptions and conditions it denies everything");
          names.put("*", statement);
        }
      }
    }
    deniedNames.put(access, names);
    saidByPlus.put(access, new LinkedHashSet<>());
  }

  private void allow(Access access) {
    if (denied(access).containsKey("*")) {
      return;
    }
    for (var statement : statements) {
      if (!statement.allows() || !statement.actions().contains(asked(access))) {
        continue;
      }
      if (exceptsDollar(statement)) {
        allow(statement, access, "#", "$*");
      } else if (!statement.plain()) {
        complain(statement, "an ACL file has no conditions and no exceptions");
      } else {
        names(statement, "topic").forEach(name -> allow(statement, access, name));
      }
    }
  }

  private void allow(StatementView statement, Access access, String name) {
    var phrase = Phrase.of(name, user);
    var filter = phrase.filter();
    if (filter == null || !isWritable(filter)) {
      complain(statement, "no topic filter says '" + name + "'");
      return;
    }
    boolean exact = phrase.exact();
    if (!exact && !phrase.missing().isEmpty()) {
      exact = denied(access).keySet().containsAll(phrase.missing());
      if (exact) {
        said(access).addAll(phrase.missing());
      }
    }
    if (!exact) {
      complain(statement, "'" + filter + "' says less than '" + name + "'");
    }
    allow(statement, access, filter, name);
  }

  private void allow(StatementView statement, Access access, String filter, String name) {
    if (access == Access.READ && !isAllowed(Action.SUBSCRIBE, "topicfilter", statement, name)) {
      complain(
          statement, "'" + name + "' is received but not subscribed to: a read rule would be more");
      return;
    }
    if (access == Access.WRITE && !isAllowed(Action.RETAIN_PUBLISH, "topic", statement, name)) {
      complain(statement, "Mosquitto lets who writes '" + filter + "' retain it, too");
    }
    allowed.computeIfAbsent(filter, _ -> EnumSet.noneOf(Access.class)).add(access);
  }

  /** Whether the same names are allowed for another action. */
  private boolean isAllowed(Action action, String type, StatementView like, String name) {
    return statements.stream()
        .filter(s -> s.allows() && s.actions().contains(action))
        .anyMatch(
            s ->
                exceptsDollar(like)
                    ? exceptsDollar(s)
                    : s.plain()
                        && names(s, type).stream().anyMatch(n -> n.equals(name) || n.equals("*")));
  }

  private void deny(Access access) {
    denied(access)
        .forEach(
            (name, statement) -> {
              if (!name.equals("*")
                  && !(said(access).contains(name) && !hits(access, Phrase.shape(name)))) {
                deny(access, name, statement);
              }
            });
  }

  private void deny(Access access, String name, StatementView statement) {
    var phrase = Phrase.of(name, user);
    var filter = phrase.exact() ? phrase.filter() : phrase.cover();
    if (filter == null || !isWritable(filter)) {
      complain(statement, "no topic filter covers '" + name + "': nothing else is allowed either");
      allowed.values().forEach(kinds -> kinds.remove(access));
      allowed.values().removeIf(Set::isEmpty);
      return;
    }
    if (!phrase.exact()) {
      complain(statement, "'" + filter + "' denies more than '" + name + "'");
    }
    var other = access == Access.READ ? Access.WRITE : Access.READ;
    if (!denied(other).containsKey(name) && hits(other, shape(filter))) {
      complain(statement, "a rule that denies '" + name + "' denies both reading and writing it");
    }
    denied.add(filter);
  }

  /** Whether a rule allows something of that. */
  private boolean hits(Access access, Shape topics) {
    return allowed.entrySet().stream()
        .filter(entry -> entry.getValue().contains(access))
        .anyMatch(entry -> shape(entry.getKey()).overlaps(topics));
  }

  private Shape shape(String filter) {
    return Wording.of(TopicFilter.of(Phrase.line(filter, user)), user).language();
  }

  /** Whether an ACL file that holds this filter is read as it is meant. */
  private static boolean isWritable(String filter) {
    try {
      return AclFile.parse("topic read " + filter).lines().getFirst().filter().equals(filter);
    } catch (MalformedAcl e) {
      return false;
    }
  }

  private static List<String> names(StatementView statement, String type) {
    var names = new ArrayList<String>();
    for (var resource : statement.resources()) {
      var name = Phrase.name(resource.text(), type);
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  /** Whether its NotResource is no more than the topics that begin with {@code $}. */
  private static boolean exceptsDollar(StatementView statement) {
    return statement.excluding()
        && !statement.conditional()
        && statement.resources().stream().allMatch(one -> DOLLARS.contains(one.text()));
  }

  private static Action asked(Access access) {
    return access == Access.WRITE ? Action.PUBLISH : Action.RECEIVE;
  }

  private Map<String, StatementView> denied(Access access) {
    return deniedNames.getOrDefault(access, Map.of());
  }

  private Set<String> said(Access access) {
    return saidByPlus.computeIfAbsent(access, _ -> new LinkedHashSet<>());
  }

  private void complain(StatementView statement, String why) {
    var at = statement.at();
    var sid = at.sid().isEmpty() ? "" : " (" + at.sid() + ")";
    complaints.add(new Complaint(at.policy() + ", statement " + at.index() + sid, why));
  }
}
