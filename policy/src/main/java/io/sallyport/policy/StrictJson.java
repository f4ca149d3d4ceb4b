package io.sallyport.policy;

import io.sallyport.policy.MalformedPolicy.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** JSON read token by token, so that every refusal has a line and a column. */
final class StrictJson implements AutoCloseable {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int MESSAGE_MAX = 160;

  /** Reads the value of one member; the cursor stands on its first token. */
  interface MemberReader {
    void read(Text name) throws MalformedPolicy;
  }

  /** Reads one element of a list; the cursor stands on its first token. */
  interface ElementReader {
    void read() throws MalformedPolicy;
  }

  private final JsonParser parser;
  private @Nullable JsonToken token;

  /** Stands on the first token. */
  StrictJson(String json) throws MalformedPolicy {
    parser = JSON.createParser(ObjectReadContext.empty(), json);
    advance();
  }

  /** Where the cursor stands. */
  Place place() {
    var location = parser.currentTokenLocation();
    return new Place(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }

  /** Reads an object, each member once. */
  void object(String what, MemberReader reader) throws MalformedPolicy {
    expect(JsonToken.START_OBJECT, what + " must be an object");
    var seen = new HashSet<String>();
    while (advance() == JsonToken.PROPERTY_NAME) {
      var name = new Text(parser.currentName(), place());
      if (!seen.add(name.value())) {
        throw name.refuse(Reason.DUPLICATE_MEMBER, "member twice in one object: " + name.quoted());
      }
      advance();
      reader.read(name);
    }
  }

  /** Reads a list, or one value as a list of one. */
  void listOrOne(String what, ElementReader reader) throws MalformedPolicy {
    if (token != JsonToken.START_ARRAY) {
      reader.read();
      return;
    }
    var start = place();
    int elements = 0;
    while (advance() != JsonToken.END_ARRAY) {
      reader.read();
      elements++;
    }
    if (elements == 0) {
      throw start.refuse(Reason.EMPTY_LIST, what + " must not be empty");
    }
  }

  /** Reads a string. */
  Text text(String what) throws MalformedPolicy {
    expect(JsonToken.VALUE_STRING, what + " must be a string");
    try {
      return new Text(parser.getString(), place());
    } catch (JacksonException e) {
      throw refused(e);
    }
  }

  /** Reads a string, a number or a truth value, as it is written. */
  Text scalar(String what) throws MalformedPolicy {
    if (token != null && token.isScalarValue() && token != JsonToken.VALUE_NULL) {
      try {
        return new Text(parser.getString(), place());
      } catch (JacksonException e) {
        throw refused(e);
      }
    }
    return text(what);
  }

  /** Reads a list of scalars, which may be empty, or one scalar as a list of one. */
  List<Text> scalars(String what) throws MalformedPolicy {
    if (token != JsonToken.START_ARRAY) {
      return List.of(scalar(what));
    }
    var texts = new ArrayList<Text>();
    while (advance() != JsonToken.END_ARRAY) {
      texts.add(scalar(what));
    }
    return texts;
  }

  /** Reads a list of strings, or one string as a list of one. */
  List<Text> texts(String what) throws MalformedPolicy {
    var texts = new ArrayList<Text>();
    listOrOne(what, () -> texts.add(text(what)));
    return texts;
  }

  /** Refuses anything behind the value that was read. */
  void end() throws MalformedPolicy {
    if (advance() != null) {
      throw place().refuse(Reason.NOT_JSON, "something follows the end of the policy");
    }
  }

  private void expect(JsonToken expected, String message) throws MalformedPolicy {
    if (token == null) {
      throw place().refuse(Reason.NOT_JSON, "the document is empty");
    }
    if (token != expected) {
      throw place().refuse(Reason.WRONG_TYPE, message);
    }
  }

  private @Nullable JsonToken advance() throws MalformedPolicy {
    try {
      token = parser.nextToken();
      return token;
    } catch (JacksonException e) {
      throw refused(e);
    }
  }

  static MalformedPolicy refused(JacksonException e) {
    var location = e.getLocation();
    int line = location == null ? 1 : Math.max(1, location.getLineNr());
    int column = location == null ? 1 : Math.max(1, location.getColumnNr());
    return new MalformedPolicy(Reason.NOT_JSON, line, column, "not JSON: " + cause(e));
  }

  private static String cause(JacksonException e) {
    var message = e.getOriginalMessage();
    var first = message.lines().findFirst().orElse("unreadable");
    var shortened = first.substring(0, Math.min(first.length(), MESSAGE_MAX));
    return shortened.substring(0, 1).toLowerCase(Locale.ROOT) + shortened.substring(1);
  }

  @Override
  public void close() {
    parser.close();
  }
}
