package io.sallyport.app.configuration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads YAML against a closed list of keys, and says where the first wrong thing stands. */
final class YamlReader {
  private final String name;
  private final Map<String, Key<?>> keys;
  private final List<NamedSection> named;
  private final Map<String, String> places = new HashMap<>();

  YamlReader(String name, List<Key<?>> keys) {
    this.name = name;
    this.keys = keys.stream().collect(Collectors.toMap(Key::path, Function.identity()));
    this.named =
        keys.stream().filter(NamedSection::holds).map(NamedSection::of).distinct().toList();
  }

  Map<String, Object> read(String yaml) throws MalformedConfiguration {
    var values = new HashMap<String, Object>();
    var root = compose(yaml);
    if (root.isPresent()) {
      section("", root.get(), values);
    }
    return values;
  }

  private Optional<Node> compose(String yaml) throws MalformedConfiguration {
    var settings =
        LoadSettings.builder()
            .setLabel(name)
            .setCodePointLimit(Configuration.CHARACTERS_MAX)
            .setMaxAliasesForCollections(0)
            .build();
    try {
      return new Compose(settings).composeString(yaml);
    } catch (MarkedYamlEngineException e) {
      var where = e.getProblemMark().map(mark -> at(mark.getLine(), mark.getColumn())).orElse(name);
      throw new MalformedConfiguration(where, "is not YAML: " + e.getProblem());
    } catch (YamlEngineException | IllegalArgumentException e) {
      // The library lets a malformed tag escape as the latter.
      throw new MalformedConfiguration(name, "is not YAML: " + e.getMessage());
    }
  }

  private void section(String path, Node node, Map<String, Object> values)
      throws MalformedConfiguration {
    if (!(node instanceof MappingNode mapping)) {
      throw refused(node, (path.isEmpty() ? "the file" : path) + " must hold keys and values");
    }
    checkParts(path, mapping);
    for (var entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode word)) {
        throw refused(entry.getKeyNode(), "a key must be a word");
      }
      var full = path.isEmpty() ? word.getValue() : path + "." + word.getValue();
      var general = general(word, full);
      var key = keys.get(general);
      if (key != null) {
        if (values.put(full, value(key, entry.getValueNode())) != null) {
          throw refused(word, full + " stands here a second time");
        }
        places.put(full, place(entry.getValueNode()));
      } else if (keys.keySet().stream().anyMatch(known -> known.startsWith(general + "."))) {
        section(full, entry.getValueNode(), values);
      } else {
        throw refused(
            word, "unknown key '" + full + "'; the nearest known one is '" + nearest(full) + "'");
      }
    }
  }

  /** The path as the keys know it: where the file gives a name, the place of one. */
  private String general(Node word, String full) throws MalformedConfiguration {
    for (var section : named) {
      var name = section.name(full);
      if (name.isPresent()) {
        try {
          Key.checkedName(name.get());
        } catch (IllegalArgumentException e) {
          throw refused(word, section.path() + ": " + e.getMessage());
        }
        return section.general(full).orElse(full);
      }
    }
    return full;
  }

  /** Refuses more parts than the bound, and one that says nothing: it would not be there. */
  private void checkParts(String path, MappingNode mapping) throws MalformedConfiguration {
    for (var section : named) {
      if (section.path().equals(path) && mapping.getValue().size() > NamedSection.PARTS_MAX) {
        throw refused(mapping, path + " holds more than " + NamedSection.PARTS_MAX + " names");
      }
      if (section.name(path).isPresent() && mapping.getValue().isEmpty()) {
        throw refused(mapping, path + " must hold keys and values");
      }
    }
  }

  private Object value(Key<?> key, Node node) throws MalformedConfiguration {
    var texts = new ArrayList<String>();
    if (key.list()) {
      if (!(node instanceof SequenceNode sequence)) {
        throw refused(node, key.path() + " must be a list such as " + key.shown());
      }
      for (var item : sequence.getValue()) {
        texts.add(scalar(key, item));
      }
    } else {
      texts.add(scalar(key, node));
    }
    try {
      return key.parser().apply(texts);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw refused(node, key.path() + ": " + e.getMessage() + " (" + key.unit() + ")");
    }
  }

  private String scalar(Key<?> key, Node node) throws MalformedConfiguration {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return scalar.getValue();
    }
    throw refused(node, key.path() + " must have a value: " + key.unit());
  }

  private MalformedConfiguration refused(Node node, String what) {
    return new MalformedConfiguration(place(node), what);
  }

  /** Where each value that was read stands. */
  Map<String, String> places() {
    return places;
  }

  private String place(Node node) {
    return node.getStartMark().map(mark -> at(mark.getLine(), mark.getColumn())).orElse(name);
  }

  private String at(int line, int column) {
    return name + ":" + (line + 1) + ":" + (column + 1);
  }

  private String nearest(String unknown) {
    return keys.keySet().stream()
        .sorted()
        .reduce((a, b) -> distance(unknown, b) < distance(unknown, a) ? b : a)
        .orElseThrow();
  }

  /** The least number of characters to insert, delete or replace (Levenshtein). */
  private static int distance(String a, String b) {
    var row = new int[b.length() + 1];
    for (var j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (var i = 1; i <= a.length(); i++) {
      var diagonal = row[0];
      row[0] = i;
      for (var j = 1; j <= b.length(); j++) {
        var replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
