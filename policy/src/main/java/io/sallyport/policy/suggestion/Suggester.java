package io.sallyport.policy.suggestion;

import io.sallyport.policy.Action;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.activity.NamePattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Makes the smallest readable policy that covers what was seen. */
public final class Suggester {
  /** So many values of a level make it one that varies, unless somebody says otherwise. */
  public static final int DISTINCT_DEFAULT = 5;

  /** Two values prove nothing. */
  public static final int DISTINCT_MIN = 3;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final String ARN = "arn:aws:iot:*:*:";

  /** In the order in which a session comes to need them. */
  private static final Map<Action, String> SIDS = sids();

  private final Collection<Seen> all;
  private final Predicate<String> isPrincipal;
  private final Set<String> remarks = new TreeSet<>();
  private final Set<NamePattern> owned = new HashSet<>();

  private Suggester(Collection<Seen> all, Predicate<String> isPrincipal) {
    this.all = all;
    this.isPrincipal = isPrincipal;
  }

  private static Map<Action, String> sids() {
    var sids = new LinkedHashMap<Action, String>();
    sids.put(Action.CONNECT, "Connect");
    sids.put(Action.PUBLISH, "Publish");
    sids.put(Action.RETAIN_PUBLISH, "PublishRetained");
    sids.put(Action.SUBSCRIBE, "Subscribe");
    sids.put(Action.SHARE_GROUP, "Share");
    sids.put(Action.RECEIVE, "Receive");
    return sids;
  }

  /**
   * The policy of everybody who was seen.
   *
   * @param isPrincipal whether somebody is registered by that name
   * @param distinctMin how many values make a level one that varies
   */
  public static Suggestion suggest(
      Collection<Seen> seen, Predicate<String> isPrincipal, int distinctMin) {
    for (int distinct = distinctMin; distinct >= DISTINCT_MIN; distinct--) {
      var suggestion = new Suggester(seen, isPrincipal).suggest(distinct);
      int bytes = suggestion.document().getBytes(StandardCharsets.UTF_8).length;
      if (bytes <= PolicyDocument.BYTES_MAX) {
        return suggestion;
      }
    }
    throw new Suggestion.TooLarge();
  }

  private Suggestion suggest(int distinctMin) {
    var byAction = gathered();
    byAction.values().forEach(some -> some.generalise(distinctMin, owned));
    clientIds(byAction, distinctMin);
    if (byAction.containsKey(Action.SUBSCRIBE)) {
      var received = byAction.computeIfAbsent(Action.RECEIVE, _ -> new Resources(isPrincipal));
      receiveWhatFiltersBring(byAction.get(Action.SUBSCRIBE), received);
    }
    byAction.values().forEach(Resources::dropCovered);
    byAction.values().removeIf(some -> some.byName().isEmpty());
    var statements = statements(byAction);
    return new Suggestion(document(statements), statements, List.copyOf(remarks));
  }

  private Map<Action, Resources> gathered() {
    var ownName = new OwnName(all);
    var byAction = new EnumMap<Action, Resources>(Action.class);
    for (var seen : all) {
      if (seen.name().equals(NamePattern.UNRECORDED)) {
        remarks.add(
            "%s: %d uses of %s had names too various to be recorded; they are not covered"
                .formatted(seen.principal(), seen.count(), seen.action().word()));
        continue;
      }
      var name = ownName.in(seen);
      var basis = name.equals(seen.name()) ? Evidence.SEEN : "its own name";
      if (seen.name().isGeneral()) {
        basis = "generalised while it was recorded";
        remarks.add(
            "%s: names like '%s' were too many to be recorded one by one: check that none is"
                    .formatted(seen.principal(), seen.name())
                + " another device's");
      }
      note(seen, name);
      byAction
          .computeIfAbsent(seen.action(), _ -> new Resources(isPrincipal))
          .add(name, Evidence.of(seen, basis));
    }
    return byAction;
  }

  /** Remembers what nobody's generalisation may cover. */
  private void note(Seen seen, NamePattern name) {
    boolean others =
        name.levels().stream()
            .anyMatch(level -> !level.equals(seen.principal()) && isPrincipal.test(level));
    if (others && seen.device()) {
      remarks.add(
          "%s: %s on '%s' names another principal"
              .formatted(seen.principal(), seen.action().word(), name));
    }
    if (others || !name.equals(seen.name())) {
      owned.add(name);
    }
  }

  /** Several connections of one device: {@code name:1}, {@code name:2} and so on. */
  private static void clientIds(Map<Action, Resources> byAction, int distinctMin) {
    var connect = byAction.get(Action.CONNECT);
    if (connect == null) {
      return;
    }
    var prefix = OwnName.VARIABLE + ":";
    var several =
        connect.byName().keySet().stream().filter(name -> name.text().startsWith(prefix)).toList();
    if (several.size() >= distinctMin) {
      connect.replace(
          new NamePattern(List.of(prefix + NamePattern.ANY)), several, several.size() + " values");
    }
  }

  /** A filter is worth what may be received through it, and where it is asked, all of that. */
  private void receiveWhatFiltersBring(Resources filters, Resources received) {
    for (var filter : filters.byName().keySet()) {
      var levels =
          filter.levels().stream()
              .map(level -> level.equals("+") || level.equals("#") ? NamePattern.ANY : level)
              .toList();
      if (levels.getFirst().equals(NamePattern.ANY)) {
        remarks.add(
            "filter '%s' reaches into everybody's topics: only what came by it may be received,"
                    .formatted(filter)
                + " so a listener that asks for all of it refuses it; let the devices ask for"
                + " less");
      } else if (!levels.equals(filter.levels()) || !received.byName().containsKey(filter)) {
        received.add(
            new NamePattern(levels), Evidence.derived("what filter '" + filter + "' brings"));
      }
    }
  }

  private static List<Suggestion.Statement> statements(Map<Action, Resources> byAction) {
    var published = byAction.get(Action.PUBLISH);
    var retained = byAction.get(Action.RETAIN_PUBLISH);
    boolean alike =
        published != null
            && retained != null
            && published.byName().keySet().equals(retained.byName().keySet());
    var statements = new ArrayList<Suggestion.Statement>();
    SIDS.forEach(
        (action, sid) -> {
          var resources = byAction.get(action);
          if (resources == null || (alike && action == Action.RETAIN_PUBLISH)) {
            return;
          }
          var actions =
              alike && action == Action.PUBLISH
                  ? List.of(Action.PUBLISH, Action.RETAIN_PUBLISH)
                  : List.of(action);
          var named = new LinkedHashMap<String, Evidence>();
          resources
              .sorted()
              .forEach((name, why) -> named.put(action.resourceType() + "/" + name, why));
          statements.add(new Suggestion.Statement(sid, actions, named));
        });
    return List.copyOf(statements);
  }

  private static String document(List<Suggestion.Statement> statements) {
    var document = MAPPER.createObjectNode().put("Version", "2012-10-17");
    var list = document.putArray("Statement");
    for (var statement : statements) {
      var one = list.addObject().put("Sid", statement.sid()).put("Effect", "Allow");
      var actions = one.putArray("Action");
      statement.actions().forEach(action -> actions.add(action.word()));
      var resources = one.putArray("Resource");
      statement.resources().keySet().forEach(resource -> resources.add(ARN + resource));
    }
    return MAPPER.writeValueAsString(document) + "\n";
  }
}
