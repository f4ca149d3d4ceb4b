package io.sallyport.control.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Maps of text in one text column, as a JSON object with sorted names. */
public final class StringMaps {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<LinkedHashMap<String, String>> MAP = new TypeReference<>() {};

  private StringMaps() {}

  /** The column's text. */
  public static String write(Map<String, String> map) {
    return map.isEmpty() ? "{}" : JSON.writeValueAsString(new TreeMap<>(map));
  }

  /** The map of a column's text. */
  public static Map<String, String> read(String text) {
    if (text.equals("{}")) {
      return Map.of();
    }
    try {
      return JSON.readValue(text, MAP);
    } catch (JacksonException e) {
      throw new StoreUnavailable("a stored map is not readable", e);
    }
  }
}
