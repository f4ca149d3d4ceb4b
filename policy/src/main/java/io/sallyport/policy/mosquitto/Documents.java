package io.sallyport.policy.mosquitto;

import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.mosquitto.Translation.Rule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Gathers what rules say into statements, and those into documents that are short enough. */
final class Documents {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final String ARN = "arn:aws:iot:*:*:";
  private static final Set<Access> BOTH = Set.of(Access.READ, Access.WRITE);

  // Bound: leaves room for what stands around the resources.
  private static final int RESOURCE_BYTES_MAX = PolicyDocument.BYTES_MAX - 4_096;
  private static final int BYTES_AROUND_RESOURCE = 4;

  /** What is said of a list of resources. */
  private record Heading(
      String sid, boolean allow, List<String> actions, String type, boolean excluding) {}

  private final Map<Heading, Set<String>> resources = new LinkedHashMap<>();

  /**
   * Starts with the right to connect.
   *
   * @param severalConnections whether a client id may be the principal's id, a colon and more
   */
  Documents(boolean severalConnections) {
    var connect =
        resources(new Heading("ConnectAsItself", true, List.of("iot:Connect"), "client", false));
    connect.add(Wording.USER);
    if (severalConnections) {
      connect.add(Wording.USER + ":*");
      // As Mosquitto's guard: nobody has patterns whose name holds a wildcard.
      resources(new Heading("NeverAsWildcard", false, List.of("iot:Connect"), "client", false))
          .addAll(List.of("*+*", "*#*"));
    }
  }

  /** Adds what a rule still says. */
  void add(Rule rule, Set<Access> kept) {
    var wording = rule.wording();
    boolean allow = !rule.line().denies();
    resources(topics(allow, kept, wording.excluding())).addAll(wording.names());
    if (allow && !wording.excess().isEmpty()) {
      resources(topics(false, kept, false)).addAll(wording.excess());
    }
    if (allow && kept.contains(Access.READ)) {
      resources(
              new Heading(
                  wording.excluding() ? "SubscribeExcept" : "Subscribe",
                  true,
                  List.of("iot:Subscribe"),
                  "topicfilter",
                  wording.excluding()))
          .addAll(wording.names());
    }
  }

  private static Heading topics(boolean allow, Set<Access> kept, boolean excluding) {
    var actions = new ArrayList<String>();
    if (kept.contains(Access.WRITE)) {
      actions.addAll(List.of("iot:Publish", "iot:RetainPublish"));
    }
    if (kept.contains(Access.READ)) {
      actions.add("iot:Receive");
    }
    var words =
        kept.equals(BOTH)
            ? "PublishAndReceive"
            : kept.contains(Access.WRITE) ? "Publish" : "Receive";
    var sid = (allow ? "" : "Never") + words + (excluding ? "Except" : "");
    return new Heading(sid, allow, actions, "topic", excluding);
  }

  private Set<String> resources(Heading heading) {
    return resources.computeIfAbsent(heading, _ -> new LinkedHashSet<>());
  }

  /** The texts of as many documents as it takes. */
  List<String> texts() {
    var texts = new ArrayList<String>();
    var page = new LinkedHashMap<Heading, List<String>>();
    int bytes = 0;
    for (var entry : resources.entrySet()) {
      for (var name : entry.getValue()) {
        var resource = ARN + entry.getKey().type() + "/" + name;
        int more =
            MAPPER.writeValueAsString(resource).getBytes(StandardCharsets.UTF_8).length
                + BYTES_AROUND_RESOURCE;
        if (bytes + more > RESOURCE_BYTES_MAX) {
          texts.add(text(page));
          page.clear();
          bytes = 0;
        }
        page.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(resource);
        bytes += more;
      }
    }
    texts.add(text(page));
    return texts;
  }

  private static String text(Map<Heading, List<String>> page) {
    var document = MAPPER.createObjectNode().put("Version", "2012-10-17");
    var statements = document.putArray("Statement");
    page.forEach(
        (heading, list) -> {
          var statement = statements.addObject();
          statement.put("Sid", heading.sid()).put("Effect", heading.allow() ? "Allow" : "Deny");
          var actions = statement.putArray("Action");
          heading.actions().forEach(actions::add);
          var target = statement.putArray(heading.excluding() ? "NotResource" : "Resource");
          list.forEach(target::add);
        });
    return MAPPER.writeValueAsString(document) + "\n";
  }
}
