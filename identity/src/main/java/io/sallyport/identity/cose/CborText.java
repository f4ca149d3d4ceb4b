package io.sallyport.identity.cose;

import com.upokecenter.cbor.CBORObject;
import java.util.Map;

/** Writes maps by names in CBOR (RFC 8949). */
public final class CborText {
  private CborText() {}

  /**
   * A map whose values are texts, whole numbers or such maps.
   *
   * @throws IllegalArgumentException if one is something else
   */
  public static byte[] write(Map<String, ?> members) {
    return map(members).EncodeToBytes();
  }

  private static CBORObject map(Map<?, ?> members) {
    var map = CBORObject.NewOrderedMap();
    members.forEach((name, value) -> map.Add(String.valueOf(name), value(value)));
    return map;
  }

  private static CBORObject value(Object value) {
    return switch (value) {
      case String text -> CBORObject.FromObject(text);
      case Integer number -> CBORObject.FromObject(number.intValue());
      case Map<?, ?> inner -> map(inner);
      default -> throw new IllegalArgumentException("no value of such a map");
    };
  }
}
