package io.sallyport.app.configuration;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The values in force: what the file says, and each key's default where it says nothing. */
public final class Configuration {
  /** Bound: a larger file is not a configuration. */
  static final int CHARACTERS_MAX = 64 * 1024;

  private final Map<String, Object> values;
  private final Map<String, String> places;

  private Configuration(Map<String, Object> values, Map<String, String> places) {
    this.values = Map.copyOf(values);
    this.places = Map.copyOf(places);
  }

  /** Every key at its default. */
  public static Configuration defaults() {
    return new Configuration(Map.of(), Map.of());
  }

  /** Reads one file, wholly or not at all. */
  public static Configuration read(Path file) throws MalformedConfiguration {
    try {
      if (Files.size(file) > CHARACTERS_MAX) {
        throw new MalformedConfiguration(
            file.toString(), "is larger than " + CHARACTERS_MAX + " bytes");
      }
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new MalformedConfiguration(file.toString(), "there is no such file");
    } catch (CharacterCodingException e) {
      throw new MalformedConfiguration(file.toString(), "is not UTF-8 text");
    } catch (IOException e) {
      throw new MalformedConfiguration(file.toString(), "cannot be read: " + e.getMessage());
    }
  }

  /** Reads the text of a file of that name. */
  public static Configuration parse(String name, String yaml) throws MalformedConfiguration {
    var reader = new YamlReader(name, Keys.ALL);
    return new Configuration(reader.read(yaml), reader.places());
  }

  /** The value of a key. */
  public <T> T get(Key<T> key) {
    @SuppressWarnings("unchecked") // Only put by the key's own parser, or by with().
    var value = (T) values.getOrDefault(key.path(), key.fallback());
    return value;
  }

  /** The names that the file gives in the section of these keys, in alphabetical order. */
  public List<String> names(Key<?> key) {
    var parts = NamedSection.of(key);
    return values.keySet().stream()
        .map(parts::name)
        .flatMap(Optional::stream)
        .distinct()
        .sorted()
        .toList();
  }

  /** The same with one value replaced: a flag on the command line beats the file. */
  public <T> Configuration with(Key<T> key, T value) {
    var changed = new HashMap<>(values);
    changed.put(key.path(), value);
    return new Configuration(changed, places);
  }

  /** A key with its place in the file, for a complaint about its value. */
  public String place(Key<?> key) {
    var place = places.get(key.path());
    return place == null ? key.path() : place + ": " + key.path();
  }

  /**
   * The same, but with those keys as the other has them. Of a section with names, those that both
   * have: what is not there cannot change, and what goes away waits until it is gone as a whole.
   */
  public Configuration taking(Configuration other, List<Key<?>> keys) {
    var merged = new HashMap<>(values);
    var standing = new HashMap<>(places);
    for (var key : keys) {
      for (var path : paths(key, other)) {
        replace(merged, path, other.values.get(path));
        replace(standing, path, other.places.get(path));
      }
    }
    return new Configuration(merged, standing);
  }

  private List<String> paths(Key<?> key, Configuration other) {
    if (!NamedSection.holds(key)) {
      return List.of(key.path());
    }
    var others = other.names(key);
    return names(key).stream().filter(others::contains).map(name -> key.of(name).path()).toList();
  }

  private static <V> void replace(Map<String, V> in, String path, @Nullable V value) {
    if (value == null) {
      in.remove(path);
    } else {
      in.put(path, value);
    }
  }

  /** The paths whose values differ, in alphabetical order. */
  public List<String> differing(Configuration other) {
    var fallbacks =
        Keys.ALL.stream().collect(Collectors.toMap(Key::path, key -> (Object) key.fallback()));
    return Stream.concat(values.keySet().stream(), other.values.keySet().stream())
        .distinct()
        .filter(
            path -> {
              var fallback = fallbacks.getOrDefault(path, Optional.empty());
              return !values
                  .getOrDefault(path, fallback)
                  .equals(other.values.getOrDefault(path, fallback));
            })
        .sorted()
        .toList();
  }
}
