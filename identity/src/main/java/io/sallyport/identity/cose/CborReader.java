package io.sallyport.identity.cose;

import com.upokecenter.cbor.CBOREncodeOptions;
import com.upokecenter.cbor.CBORException;
import com.upokecenter.cbor.CBORObject;
import com.upokecenter.cbor.CBORType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One CBOR value (RFC 8949) that nobody can read in two ways: no key twice, nothing after it, and
 * no more bytes and levels than its reader allows.
 */
public final class CborReader {
  /** Bound: levels of arrays, maps and tags in one value. */
  public static final int DEPTH_MAX = 16;

  private static final CBOREncodeOptions STRICT =
      new CBOREncodeOptions("allowduplicatekeys=false;resolvereferences=false;allowempty=false");

  private final CBORObject value;
  private final String where;

  private CborReader(CBORObject value, String where) {
    this.value = value;
    this.where = where;
  }

  /**
   * Reads exactly one value.
   *
   * @param what the name of the whole, for messages
   */
  public static CborReader of(byte[] encoded, int lengthMax, String what) throws MalformedCbor {
    if (encoded.length > lengthMax) {
      throw new MalformedCbor(what + " must not be longer than " + lengthMax + " bytes");
    }
    try {
      var value = CBORObject.DecodeFromBytes(encoded, STRICT);
      if (value == null) {
        throw new MalformedCbor(what + " is empty");
      }
      requireDepth(value, DEPTH_MAX, what);
      return new CborReader(value, what);
    } catch (CBORException | IllegalStateException | ArithmeticException e) {
      throw new MalformedCbor(what + " is not one CBOR value");
    }
  }

  private static void requireDepth(CBORObject value, int levels, String what) throws MalformedCbor {
    if (levels == 0) {
      throw new MalformedCbor(what + " has more than " + DEPTH_MAX + " levels");
    }
    var type = value.getType();
    if (type == CBORType.Array || type == CBORType.Map) {
      for (var inner : value.getValues()) {
        requireDepth(inner, levels - 1 - value.getTagCount(), what);
      }
    }
  }

  CBORObject decoded() {
    return value;
  }

  /** The value inside, if this one has that tag and no other; itself if it has none. */
  public CborReader untagged(int tag) throws MalformedCbor {
    if (!value.isTagged()) {
      return this;
    }
    if (value.getTagCount() != 1 || !value.HasMostOuterTag(tag)) {
      throw new MalformedCbor(where + " has another tag than " + tag);
    }
    return new CborReader(value.UntagOne(), where);
  }

  /** The elements of an array. */
  public List<CborReader> elements() throws MalformedCbor {
    require(CBORType.Array, "an array");
    var elements = new ArrayList<CborReader>(value.size());
    for (int i = 0; i < value.size(); i++) {
      elements.add(new CborReader(value.get(i), where + "[" + i + "]"));
    }
    return elements;
  }

  /** What a map has, all of it by texts, in its order. */
  public Map<String, CborReader> members() throws MalformedCbor {
    require(CBORType.Map, "a map");
    var members = new LinkedHashMap<String, CborReader>();
    for (var entry : value.getEntries()) {
      var name = new CborReader(entry.getKey(), where + ": a name").text();
      members.put(name, new CborReader(entry.getValue(), where + "." + name));
    }
    return members;
  }

  /** What a map has for a whole number. */
  public Optional<CborReader> at(long label) throws MalformedCbor {
    require(CBORType.Map, "a map");
    var key = CBORObject.FromObject(label);
    return value.ContainsKey(key)
        ? Optional.of(new CborReader(value.get(key), where + "." + label))
        : Optional.empty();
  }

  /** The same, where it must be. */
  public CborReader need(long label) throws MalformedCbor {
    var found = at(label);
    if (found.isEmpty()) {
      throw new MalformedCbor(where + " lacks the claim " + label);
    }
    return found.get();
  }

  /** Whether it is a map. */
  public boolean isMap() {
    return is(CBORType.Map);
  }

  /** Whether it is an array. */
  public boolean isArray() {
    return is(CBORType.Array);
  }

  /** Whether it is text. */
  public boolean isText() {
    return is(CBORType.TextString);
  }

  /** Whether it is a string of bytes. */
  public boolean isBytes() {
    return is(CBORType.ByteString);
  }

  /** A string of bytes. */
  public byte[] bytes() throws MalformedCbor {
    require(CBORType.ByteString, "a byte string");
    return value.GetByteString();
  }

  /** A text. */
  public String text() throws MalformedCbor {
    require(CBORType.TextString, "a text");
    return value.AsString();
  }

  /** A whole number of 64 bits. */
  public long number() throws MalformedCbor {
    require(CBORType.Integer, "a whole number");
    if (!value.CanValueFitInInt64()) {
      throw new MalformedCbor(where + " is out of range");
    }
    return value.AsInt64Value();
  }

  /** True or false. */
  public boolean truth() throws MalformedCbor {
    require(CBORType.Boolean, "true or false");
    return value.AsBoolean();
  }

  private boolean is(CBORType type) {
    return !value.isTagged() && value.getType() == type;
  }

  private void require(CBORType type, String name) throws MalformedCbor {
    if (!is(type)) {
      throw new MalformedCbor(where + " is not " + name);
    }
  }

  @Override
  public String toString() {
    return where;
  }
}
