package io.sallyport.control.shadow;

import io.sallyport.control.shadow.JsonValue.Digits;
import io.sallyport.control.shadow.JsonValue.Items;
import io.sallyport.control.shadow.JsonValue.Members;
import io.sallyport.control.shadow.JsonValue.Nothing;
import io.sallyport.control.shadow.JsonValue.Text;
import io.sallyport.control.shadow.JsonValue.Truth;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;

/** Reads JSON strictly (RFC 8259), and writes it without a space. */
public final class JsonText {
  /** Bound: levels of objects and arrays that are read at all. */
  static final int NESTING_MAX = 64;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(NESTING_MAX).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private JsonText() {}

  /** Reads one value, which is all there is. */
  public static JsonValue read(byte[] bytes) throws MalformedJson {
    String text;
    try {
      // Decoded here, or the parser would take UTF-16 and UTF-32 as well.
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedJson("not UTF-8", true);
    }
    return read(text);
  }

  /** Reads one value, which is all there is. */
  public static JsonValue read(String text) throws MalformedJson {
    try (var parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) {
        throw new MalformedJson("nothing", false);
      }
      var value = value(parser);
      if (parser.nextToken() != null) {
        throw new MalformedJson("something follows", false);
      }
      return value;
    } catch (JacksonException e) {
      throw new MalformedJson("not JSON, or a member twice", false);
    }
  }

  private static JsonValue value(JsonParser parser) throws MalformedJson {
    var token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        var members = new LinkedHashMap<String, JsonValue>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          var name = whole(parser.currentName());
          parser.nextToken();
          members.put(name, value(parser));
        }
        yield new Members(members);
      }
      case START_ARRAY -> {
        var items = new ArrayList<JsonValue>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(value(parser));
        }
        yield new Items(items);
      }
      case VALUE_STRING -> new Text(whole(parser.getString()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Digits(parser.getString());
      case VALUE_TRUE -> new Truth(true);
      case VALUE_FALSE -> new Truth(false);
      case VALUE_NULL -> Nothing.NOTHING;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("no value begins with " + token);
    };
  }

  // RFC 8259, 8.2: an escaped half of a character is no text, and could not be sent on.
  private static String whole(String text) throws MalformedJson {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new MalformedJson("half of a character", false);
    }
    return text;
  }

  /** Writes a value in UTF-8. */
  public static byte[] write(JsonValue value) {
    try (var bytes = new ByteArrayBuilder()) {
      try (var generator = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
        write(generator, value);
      }
      return bytes.toByteArray();
    }
  }

  private static void write(JsonGenerator out, JsonValue value) {
    switch (value) {
      case Members(var byName) -> {
        out.writeStartObject();
        byName.forEach(
            (name, member) -> {
              out.writeName(name);
              write(out, member);
            });
        out.writeEndObject();
      }
      case Items(var values) -> {
        out.writeStartArray();
        values.forEach(item -> write(out, item));
        out.writeEndArray();
      }
      case Text(var text) -> out.writeString(text);
      case Digits(var literal) -> out.writeNumber(literal);
      case Truth(var truth) -> out.writeBoolean(truth);
      case Nothing _ -> out.writeNull();
    }
  }
}
