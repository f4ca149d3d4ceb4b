package io.sallyport.identity.cose;

import com.upokecenter.cbor.CBORObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The deterministic encoding of CBOR (RFC 8949, section 4.2.1): written here, and read only if the
 * bytes are exactly what would be written. So nothing can be said in two ways: no indefinite
 * lengths, no longer form of a number than needed, keys in the order of their bytes, none twice,
 * nothing after the value.
 */
public final class StrictCbor {
  /** Bound: levels of arrays and maps in one value. */
  public static final int DEPTH_MAX = 8;

  private static final int UNSIGNED = 0;
  private static final int NEGATIVE = 1;
  private static final int BYTES = 2;
  private static final int TEXT = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int SIMPLE = 7;
  private static final int FALSE = 20;
  private static final int TRUE = 21;
  private static final int NULL = 22;

  private StrictCbor() {}

  /**
   * Reads exactly one value in its one encoding.
   *
   * @param lengthMax how long it may be, in bytes
   * @param what the name of the whole, for messages
   */
  public static CborValue read(byte[] encoded, int lengthMax, String what) throws MalformedCbor {
    var value = value(CborReader.of(encoded, lengthMax, what).decoded(), DEPTH_MAX, what);
    if (!Arrays.equals(write(value), encoded)) {
      throw new MalformedCbor(what + " is not in its deterministic encoding");
    }
    return value;
  }

  private static CborValue value(CBORObject decoded, int levels, String what) throws MalformedCbor {
    if (levels == 0) {
      throw new MalformedCbor(what + " has more than " + DEPTH_MAX + " levels");
    }
    if (decoded.isTagged()) {
      throw new MalformedCbor(what + " has a tag inside");
    }
    if (decoded.isNull()) {
      return new CborValue.Nothing();
    }
    return switch (decoded.getType()) {
      case Integer -> {
        if (!decoded.CanValueFitInInt64()) {
          throw new MalformedCbor(what + " has a number of more than 64 bits");
        }
        yield new CborValue.Whole(decoded.AsInt64Value());
      }
      case ByteString -> new CborValue.Bytes(decoded.GetByteString());
      case TextString -> new CborValue.Text(decoded.AsString());
      case Boolean -> new CborValue.Truth(decoded.AsBoolean());
      case Array -> items(decoded, levels, what);
      case Map -> members(decoded, levels, what);
      case Number, SimpleValue, FloatingPoint ->
          throw new MalformedCbor(what + " has a value of a kind that is not read");
    };
  }

  private static CborValue items(CBORObject decoded, int levels, String what) throws MalformedCbor {
    var items = new ArrayList<CborValue>(decoded.size());
    for (var item : decoded.getValues()) {
      items.add(value(item, levels - 1, what));
    }
    return new CborValue.Items(items);
  }

  private static CborValue members(CBORObject decoded, int levels, String what)
      throws MalformedCbor {
    var members = new HashMap<CborValue, CborValue>();
    for (var entry : decoded.getEntries()) {
      members.put(
          value(entry.getKey(), levels - 1, what), value(entry.getValue(), levels - 1, what));
    }
    return new CborValue.Members(members);
  }

  /** The one encoding of a value. */
  public static byte[] write(CborValue value) {
    var out = new ByteArrayOutputStream();
    write(out, value);
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, CborValue value) {
    switch (value) {
      case CborValue.Whole(long number) -> {
        // -1 - n, without overflow: the bits inverted.
        head(out, number < 0 ? NEGATIVE : UNSIGNED, number < 0 ? ~number : number);
      }
      case CborValue.Text(String text) -> {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        head(out, TEXT, bytes.length);
        out.writeBytes(bytes);
      }
      case CborValue.Bytes(byte[] bytes) -> {
        head(out, BYTES, bytes.length);
        out.writeBytes(bytes);
      }
      case CborValue.Truth(boolean truth) -> head(out, SIMPLE, truth ? TRUE : FALSE);
      case CborValue.Nothing() -> head(out, SIMPLE, NULL);
      case CborValue.Items(List<CborValue> items) -> {
        head(out, ARRAY, items.size());
        items.forEach(item -> write(out, item));
      }
      case CborValue.Members(Map<CborValue, CborValue> members) -> {
        head(out, MAP, members.size());
        members.entrySet().stream()
            .map(member -> new Encoded(write(member.getKey()), write(member.getValue())))
            .sorted((one, other) -> Arrays.compareUnsigned(one.key(), other.key()))
            .forEach(
                member -> {
                  out.writeBytes(member.key());
                  out.writeBytes(member.value());
                });
      }
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Lives within one call.
  private record Encoded(byte[] key, byte[] value) {}

  private static void head(ByteArrayOutputStream out, int major, long argument) {
    int first = major << 5;
    if (argument < 24) {
      out.write(first | (int) argument);
    } else if (argument <= 0xFF) {
      number(out, first | 24, argument, 1);
    } else if (argument <= 0xFFFF) {
      number(out, first | 25, argument, 2);
    } else if (argument <= 0xFFFF_FFFFL) {
      number(out, first | 26, argument, 4);
    } else {
      number(out, first | 27, argument, 8);
    }
  }

  private static void number(ByteArrayOutputStream out, int first, long argument, int bytes) {
    out.write(first);
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.write((int) (argument >>> shift));
    }
  }
}
