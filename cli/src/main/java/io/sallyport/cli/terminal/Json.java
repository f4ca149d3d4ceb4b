package io.sallyport.cli.terminal;

import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as printed: ASCII only, so that nothing in it can drive a terminal. */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private Json() {}

  /** Prints one document, indented. */
  public static void print(Terminal terminal, JsonNode document) {
    terminal
        .out()
        .println(
            escapedDelete(
                MAPPER
                    .writer()
                    .with(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(document)));
  }

  /** Prints one document on one line, for streams of them. */
  public static void printLine(Terminal terminal, JsonNode document) {
    terminal.out().println(escapedDelete(MAPPER.writeValueAsString(document)));
  }

  /** Reads and writes documents. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  // The one control character that JSON allows bare and that is ASCII.
  private static String escapedDelete(String json) {
    return json.replace("\u007f", "\\u007f");
  }
}
