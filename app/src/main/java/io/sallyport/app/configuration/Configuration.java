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

/** The values in force: what the file says, and each key's default where it says nothing. */
public final class Configuration {
  /** Bound: a larger file is not a configuration. */
  static final int CHARACTERS_MAX = 64 * 1024;

  private final Map<String, Object> values;

  Configuration(Map<String, Object> values) {
    this.values = Map.copyOf(values);
  }

  /** Every key at its default. */
  public static Configuration defaults() {
    return new Configuration(Map.of());
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
    return new Configuration(new YamlReader(name, Keys.ALL).read(yaml));
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
    return new Configuration(changed);
  }
}
