package io.sallyport.identity.cose;

import io.sallyport.identity.cose.CborValue.Bytes;
import io.sallyport.identity.cose.CborValue.Members;
import io.sallyport.identity.cose.CborValue.Text;
import io.sallyport.identity.cose.CborValue.Whole;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A map whose keys are small numbers, all of which must be known to its reader. */
public final class Labels {
  private final Map<CborValue, CborValue> values;
  private final String what;
  private final Set<CborValue> read = new HashSet<>();

  private Labels(Map<CborValue, CborValue> values, String what) {
    this.values = values;
    this.what = what;
  }

  /** Reads a map. */
  public static Labels of(CborValue value, String what) throws MalformedCbor {
    if (!(value instanceof Members members)) {
      throw new MalformedCbor(what + " is not a map");
    }
    return new Labels(members.values(), what);
  }

  /** A map by small numbers. */
  public static Members numbers(Map<Integer, CborValue> values) {
    var members = new HashMap<CborValue, CborValue>();
    values.forEach((label, value) -> members.put(new Whole(label), value));
    return new Members(members);
  }

  /** A map by texts. */
  public static Members texts(Map<String, CborValue> values) {
    var members = new HashMap<CborValue, CborValue>();
    values.forEach((name, value) -> members.put(new Text(name), value));
    return new Members(members);
  }

  /** Whether something stands there. */
  public boolean has(int label) {
    return values.containsKey(new Whole(label));
  }

  /** What stands there; it is known from now on. */
  public @Nullable CborValue at(int label) {
    read.add(new Whole(label));
    return values.get(new Whole(label));
  }

  /** The string of bytes that must stand there. */
  public byte[] bytes(int label) throws MalformedCbor {
    if (at(label) instanceof Bytes(byte[] bytes)) {
      return bytes.clone();
    }
    throw wrong(label, "a byte string");
  }

  /** The text that must stand there. */
  public String text(int label) throws MalformedCbor {
    if (at(label) instanceof Text(String text)) {
      return text;
    }
    throw wrong(label, "a text");
  }

  /** The whole number that must stand there. */
  public long number(int label) throws MalformedCbor {
    if (at(label) instanceof Whole(long number)) {
      return number;
    }
    throw wrong(label, "a whole number");
  }

  /** The map by texts that must stand there. */
  public Map<String, CborValue> texts(int label) throws MalformedCbor {
    if (!(at(label) instanceof Members(Map<CborValue, CborValue> members))) {
      throw wrong(label, "a map");
    }
    var named = new HashMap<String, CborValue>();
    for (var member : members.entrySet()) {
      if (!(member.getKey() instanceof Text(String name))) {
        throw wrong(label, "a map by texts");
      }
      named.put(name, member.getValue());
    }
    return named;
  }

  /** Refuses a map with what nobody asked for. */
  public void requireNoOther() throws MalformedCbor {
    if (!read.containsAll(values.keySet())) {
      throw new MalformedCbor(what + " has a label that is not known");
    }
  }

  private MalformedCbor wrong(int label, String form) {
    return new MalformedCbor(what + ": label " + label + " is not " + form);
  }
}
