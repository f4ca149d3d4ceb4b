package io.sallyport.control.rest;

import com.fasterxml.jackson.annotation.Nulls;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** JSON read strictly, so that a mistyped member is an answer and never a surprise. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .withCoercionConfigDefaults(
              config ->
                  config
                      .setCoercion(CoercionInputShape.String, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
          .withCoercionConfig(
              LogicalType.Textual,
              config ->
                  config
                      .setCoercion(CoercionInputShape.String, CoercionAction.TryConvert)
                      .setCoercion(CoercionInputShape.EmptyString, CoercionAction.TryConvert)
                      .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .changeDefaultNullHandling(handling -> handling.withContentNulls(Nulls.FAIL))
          .build();

  private Json() {}

  static <T> T read(byte[] body, Class<T> type) {
    try {
      var value = MAPPER.readValue(body, type);
      if (value == null) {
        throw new Problem(400, "malformed-json", "the body must be a JSON object, not null");
      }
      return value;
    } catch (UnrecognizedPropertyException e) {
      throw new Problem(400, "unknown-member", "unknown member '" + path(e) + "'");
    } catch (StreamReadException e) {
      var place = e.getLocation();
      throw new Problem(
          400,
          "malformed-json",
          "not well-formed JSON at line "
              + (place == null ? 1 : place.getLineNr())
              + ", column "
              + (place == null ? 1 : place.getColumnNr()));
    } catch (JacksonException e) {
      var path = path(e);
      throw new Problem(
          400,
          "malformed-member",
          path.isEmpty()
              ? "the body has the wrong form"
              : "member '" + path + "' has the wrong form");
    }
  }

  static byte[] write(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /** A document that is JSON already, to be put into an answer as it is. */
  static Object tree(String json) {
    return MAPPER.readTree(json);
  }

  private static String path(JacksonException e) {
    return e.getPath().stream().map(Json::step).collect(Collectors.joining("."));
  }

  private static String step(Reference reference) {
    var name = reference.getPropertyName();
    return name == null ? Integer.toString(reference.getIndex()) : name;
  }
}
