package io.sallyport.control.provisioning.template;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A value of a template and where it stands, so that every refusal can say where. */
record Node(String path, JsonNode json) {
  // Bound: levels of objects and lists.
  private static final int DEPTH_MAX = 32;

  private static final JsonMapper MAPPER = StrictJson.mapper(DEPTH_MAX);

  static Node read(String json) throws MalformedTemplate {
    try {
      return new Node("", MAPPER.readTree(json));
    } catch (JacksonException e) {
      var place = e.getLocation();
      throw new MalformedTemplate(
          place == null ? "" : "line " + place.getLineNr() + ", column " + place.getColumnNr(),
          "not JSON, or a member twice");
    }
  }

  MalformedTemplate refuse(String why) {
    return new MalformedTemplate(path, why);
  }

  boolean isText() {
    return json.isString();
  }

  boolean isList() {
    return json.isArray();
  }

  String text() throws MalformedTemplate {
    if (!json.isString()) {
      throw refuse("must be a text");
    }
    if (!isWhole(json.asString())) {
      throw refuse("has half of a character");
    }
    return json.asString();
  }

  /** Whether a text can be written: JSON's escapes can say half of a character, CBOR cannot. */
  static boolean isWhole(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /** The members of an object, in their order. */
  Map<String, Node> members() throws MalformedTemplate {
    if (!json.isObject()) {
      throw refuse("must be an object");
    }
    var members = new LinkedHashMap<String, Node>();
    for (var member : json.properties()) {
      members.put(
          member.getKey(),
          new Node(
              path.isEmpty() ? member.getKey() : path + "." + member.getKey(), member.getValue()));
    }
    return members;
  }

  /** The same, of which none may have another name. */
  Map<String, Node> members(Set<String> known, String why) throws MalformedTemplate {
    var members = members();
    for (var member : members.entrySet()) {
      if (!known.contains(member.getKey())) {
        throw member.getValue().refuse(why);
      }
    }
    return members;
  }

  Optional<Node> member(String name) throws MalformedTemplate {
    return Optional.ofNullable(members().get(name));
  }

  Node need(String name) throws MalformedTemplate {
    var found = member(name);
    if (found.isEmpty()) {
      throw refuse("lacks " + name);
    }
    return found.get();
  }

  List<Node> elements() throws MalformedTemplate {
    if (!json.isArray()) {
      throw refuse("must be a list");
    }
    var elements = new ArrayList<Node>();
    for (int i = 0; i < json.size(); i++) {
      elements.add(new Node(path + "[" + i + "]", json.get(i)));
    }
    return elements;
  }

  List<Node> elements(int count) throws MalformedTemplate {
    var elements = elements();
    if (elements.size() != count) {
      throw refuse("must be a list of " + count);
    }
    return elements;
  }
}
