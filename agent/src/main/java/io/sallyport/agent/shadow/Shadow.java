package io.sallyport.agent.shadow;

import io.sallyport.agent.duty.Again;
import io.sallyport.agent.duty.Duty;
import io.sallyport.agent.duty.Line;
import io.sallyport.agent.mqtt.Delivery;
import io.sallyport.agent.state.StateDirectory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The classic shadow ({@code $aws/things/<thing>/shadow}). What the device reports is kept on disk
 * until the server has accepted it; what is desired is read anew at each connection and followed by
 * deltas, an older one after a newer being nothing.
 */
public final class Shadow implements Duty {
  private static final Logger LOG = LoggerFactory.getLogger(Shadow.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String FILE = "shadow.json";
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;
  private static final int BROKEN = 500;

  private final String prefix;
  private final StateDirectory state;
  private final Map<String, Consumer<JsonNode>> wishes = new HashMap<>();
  private final Again asking;
  private final Again saying;
  private ObjectNode desired;
  private ObjectNode reported;
  private ObjectNode pending;
  private ObjectNode sent = JSON.createObjectNode();
  private long version;
  private long token;
  private @Nullable Line line;

  /** The shadow of that thing, as it was when the agent last ran. */
  public Shadow(String thing, StateDirectory state, Again.Asking again) {
    this.prefix = "$aws/things/" + thing + "/shadow/";
    this.state = state;
    this.asking = again.of(this::ask);
    this.saying = again.of(this::send);
    var stored = state.read(FILE).map(Shadow::object).orElseGet(JSON::createObjectNode);
    desired = member(stored, "desired");
    reported = member(stored, "reported");
    pending = member(stored, "pending");
    version = stored.path("version").asLong(0);
  }

  /** Is told what is desired under a name, whenever that is not what is reported. */
  public void onDesired(String name, Consumer<JsonNode> wish) {
    wishes.put(name, wish);
  }

  /**
   * Says something of the device; a null takes away what was said. Kept when this returns, and sent
   * as soon as there is a connection.
   */
  public void report(String name, JsonNode value) {
    set(reported, name, value);
    lay(pending, name, value);
    store();
    send();
  }

  /** What the device last said of itself. */
  public ObjectNode reported() {
    return reported.deepCopy();
  }

  /** What is desired, as far as it is known here. */
  public ObjectNode desired() {
    return desired.deepCopy();
  }

  /** The document's version at the server, 0 before it is known. */
  public long version() {
    return version;
  }

  /** Whether something said has not been accepted yet. */
  public boolean isPending() {
    return !pending.isEmpty();
  }

  @Override
  public List<String> filters() {
    return List.of(
        prefix + "get/accepted",
        prefix + "get/rejected",
        prefix + "update/accepted",
        prefix + "update/rejected",
        prefix + "update/delta");
  }

  @Override
  public void connected(Line connected) {
    line = connected;
    ask();
    send();
  }

  private void ask() {
    if (line != null) {
      asking.watch(line.publish(prefix + "get", JSON.writeValueAsBytes(JSON.createObjectNode())));
    }
  }

  @Override
  public void disconnected() {
    line = null;
  }

  @Override
  public boolean take(Delivery delivery) {
    if (!delivery.topic().startsWith(prefix)) {
      return false;
    }
    try {
      var document = object(delivery.payload());
      switch (delivery.topic().substring(prefix.length())) {
        case "get/accepted" -> whole(document);
        case "get/rejected" -> absent(document);
        case "update/delta" -> delta(document);
        case "update/accepted" -> accepted(document);
        case "update/rejected" -> rejected(document);
        default -> LOG.atDebug().addKeyValue("topic", delivery.topic()).log("not for the shadow");
      }
    } catch (JacksonException e) {
      LOG.atWarn().setCause(e).log("the shadow's answer is not JSON");
    }
    delivery.acknowledge().run();
    return true;
  }

  private void whole(ObjectNode document) {
    asking.settled();
    version = document.path("version").asLong(0);
    desired = member(member(document, "state"), "desired");
    store();
    tell(member(member(document, "state"), "delta"));
  }

  private void absent(ObjectNode document) {
    if (document.path("code").asInt() == NOT_FOUND) {
      version = 0;
      // Whatever was said before is said again: somebody deleted it.
      reported.properties().forEach(one -> pending.set(one.getKey(), one.getValue()));
      store();
      asking.settled();
      send();
    } else if (isForNow(document)) {
      asking.later();
    } else {
      LOG.atWarn().addKeyValue("answer", document).log("the shadow is not shown");
    }
  }

  /** Whether the server did nothing, and may do it later. */
  private static boolean isForNow(ObjectNode refusal) {
    var code = refusal.path("code").asInt();
    return code == TOO_MANY || code >= BROKEN;
  }

  private void delta(ObjectNode document) {
    var newer = document.path("version").asLong(0);
    // The same number is that of the answer to whoever changed it, which everybody is sent.
    if (newer < version) {
      return;
    }
    version = newer;
    var differing = member(document, "state");
    differing.properties().forEach(one -> set(desired, one.getKey(), one.getValue()));
    store();
    tell(differing);
  }

  private void tell(ObjectNode differing) {
    for (var one : differing.properties()) {
      var wish = wishes.get(one.getKey());
      if (wish != null) {
        // The whole of it: a delta has only the members that differ.
        wish.accept(desired.path(one.getKey()));
      }
    }
  }

  private void accepted(ObjectNode document) {
    version = Math.max(version, document.path("version").asLong(0));
    if (document.path("clientToken").asString("").equals(token())) {
      for (var one : sent.properties()) {
        if (one.getValue().equals(pending.path(one.getKey()))) {
          pending.remove(one.getKey());
        }
      }
      saying.settled();
      send();
    }
    store();
  }

  private void rejected(ObjectNode document) {
    if (!document.path("clientToken").asString("").equals(token())) {
      return;
    }
    if (isForNow(document)) {
      saying.later();
    } else {
      LOG.atWarn()
          .addKeyValue("code", document.path("code").asInt())
          .addKeyValue("why", document.path("message").asString(""))
          .log("the shadow does not take what is reported");
      pending.removeAll();
      store();
    }
  }

  private void send() {
    if (line == null || pending.isEmpty()) {
      return;
    }
    token++;
    sent = pending.deepCopy();
    var update = JSON.createObjectNode();
    update.putObject("state").set("reported", sent);
    update.put("clientToken", token());
    saying.watch(line.publish(prefix + "update", JSON.writeValueAsBytes(update)));
  }

  private String token() {
    return "agent-" + token;
  }

  private void store() {
    var all = JSON.createObjectNode();
    all.put("version", version);
    all.set("desired", desired);
    all.set("reported", reported);
    all.set("pending", pending);
    state.write(FILE, JSON.writeValueAsBytes(all));
  }

  /** As shadows merge: objects member by member, a null takes away. */
  private static void set(ObjectNode into, String name, JsonNode value) {
    if (value.isNull()) {
      into.remove(name);
    } else if (value instanceof ObjectNode members && into.get(name) instanceof ObjectNode there) {
      members.properties().forEach(one -> set(there, one.getKey(), one.getValue()));
    } else {
      into.set(name, value.deepCopy());
    }
  }

  /** One patch on another: a null is told, and not done. */
  private static void lay(ObjectNode on, String name, JsonNode value) {
    if (value instanceof ObjectNode members && on.get(name) instanceof ObjectNode there) {
      members.properties().forEach(one -> lay(there, one.getKey(), one.getValue()));
    } else {
      on.set(name, value.deepCopy());
    }
  }

  private static ObjectNode member(ObjectNode of, String name) {
    return of.get(name) instanceof ObjectNode found ? found.deepCopy() : JSON.createObjectNode();
  }

  private static ObjectNode object(byte[] payload) {
    return JSON.readTree(payload) instanceof ObjectNode object ? object : JSON.createObjectNode();
  }
}
