package io.sallyport.control.rest;

import io.javalin.http.Context;
import io.sallyport.identity.PrincipalId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One authenticated request, read with bounds. */
final class Call {
  // Bound: bytes read of a body that is refused for its length.
  private static final long UNSEEN_MAX = 1L << 20;

  /** The query parameter of whoever wants a change although it breaks an invariant. */
  static final String ALLOW_BREACH = "allowBreach";

  private final Context http;
  private final String actor;
  private final int bodyMax;

  Call(Context http, String actor, int bodyMax) {
    this.http = http;
    this.actor = actor;
    this.bodyMax = bodyMax;
  }

  /** The name of the operator who asks. */
  String actor() {
    return actor;
  }

  String path(String name) {
    return http.pathParam(name);
  }

  /** A path parameter that must be an id. */
  PrincipalId id(String name) {
    var text = http.pathParam(name);
    if (!PrincipalId.isValid(text)) {
      throw new Problem(400, "malformed-id", "an id is 1 to 128 characters of A-Z a-z 0-9 : _ -");
    }
    return new PrincipalId(text);
  }

  String query(String name, String otherwise) {
    var value = http.queryParam(name);
    return value == null ? otherwise : value;
  }

  /** A query parameter; null when it is not given. */
  @Nullable String queryOrNull(String name) {
    return http.queryParam(name);
  }

  /** Query parameters of one name, {@code NAME=VALUE} each; at most so many. */
  Map<String, String> pairs(String name, int most) {
    var given = http.queryParams(name);
    if (given.size() > most) {
      throw new Problem(
          400, "malformed-query", "'" + name + "' is given at most " + most + " times");
    }
    var pairs = new HashMap<String, String>();
    for (var text : given) {
      int equals = text.indexOf('=');
      if (equals < 1 || pairs.put(text.substring(0, equals), text.substring(equals + 1)) != null) {
        throw new Problem(
            400,
            "malformed-query",
            "'" + name + "' is NAME=VALUE, each name once, not '" + text + "'");
      }
    }
    return pairs;
  }

  /** A query parameter that is a whole number within bounds; null when it is not given. */
  @Nullable Long number(String name, long min, long max) {
    var text = http.queryParam(name);
    if (text == null) {
      return null;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Answered below, as any number out of bounds.
    }
    throw new Problem(
        400, "malformed-query", "'" + name + "' is a whole number from " + min + " to " + max);
  }

  /** A query parameter that is true or not given. */
  boolean flag(String name) {
    return switch (query(name, "false")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new Problem(400, "malformed-query", "'" + name + "' is true or false");
    };
  }

  <T> T body(Class<T> type) {
    return Json.read(bytes(), type);
  }

  /** The body as it was sent, for documents that have a reader of their own. */
  String text() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes())).toString();
    } catch (CharacterCodingException e) {
      throw new Problem(400, "malformed-text", "the body is not UTF-8");
    }
  }

  /** A body that has nothing to say: {@code {}} or none at all. */
  void emptyBody() {
    if (http.req().getContentLengthLong() != 0 && http.req().getContentType() != null) {
      body(Bodies.Empty.class);
    }
  }

  /** A header of the request; null when it is not given. */
  @Nullable String header(String name) {
    return http.header(name);
  }

  /** The path as it was sent, percent signs and all. */
  String rawPath() {
    return http.req().getRequestURI();
  }

  /** The body, which must be of that type. */
  byte[] bytes(String wanted) {
    if (!wanted.equalsIgnoreCase(http.req().getContentType())) {
      throw new Problem(415, "wrong-type", "the content type must be " + wanted);
    }
    return bounded();
  }

  private byte[] bytes() {
    var type = http.req().getContentType();
    if (type == null || !type.toLowerCase(Locale.ROOT).matches("application/json *(;.*)?")) {
      throw new Problem(415, "not-json", "the content type must be application/json");
    }
    return bounded();
  }

  private byte[] bounded() {
    try {
      var in = http.req().getInputStream();
      if (http.req().getContentLengthLong() > bodyMax) {
        throw tooLarge(in);
      }
      var body = in.readNBytes(bodyMax + 1);
      if (body.length > bodyMax) {
        throw tooLarge(in);
      }
      return body;
    } catch (IOException e) {
      throw new Problem(400, "body-incomplete", "the body did not arrive in full");
    }
  }

  /**
   * The refusal. A connection that is closed with bytes unread is reset, and the answer may be lost
   * with it: so what is a little too large is read to its end, unseen.
   */
  private Problem tooLarge(InputStream rest) throws IOException {
    rest.skip(UNSEEN_MAX);
    return new Problem(413, "body-too-large", "the body may have " + bodyMax + " bytes");
  }
}
