package io.sallyport.identity.cose;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A value of the subset of CBOR that has one encoding for each (RFC 8949, section 4.2.1): no
 * floating point, no undefined, whole numbers of 64 bits with a sign, no tags but at the top.
 */
public sealed interface CborValue {
  /** A whole number, {@code -2^63} to {@code 2^63-1}. */
  record Whole(long value) implements CborValue {}

  /** A text. */
  record Text(String value) implements CborValue {}

  /** True or false. */
  record Truth(boolean value) implements CborValue {}

  /** Null. */
  record Nothing() implements CborValue {}

  /** A string of bytes, not to be written to. */
  @SuppressWarnings("ArrayRecordComponent") // Compared by what is in it, below.
  record Bytes(byte[] value) implements CborValue {
    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return "h'" + HexFormat.of().formatHex(value) + "'";
    }
  }

  /** An array. */
  record Items(List<CborValue> values) implements CborValue {
    /** Copies the values. */
    public Items {
      values = List.copyOf(values);
    }
  }

  /** A map; its order is that of its encoding, whatever the order given. */
  record Members(Map<CborValue, CborValue> values) implements CborValue {
    /** Copies the members. */
    public Members {
      values = Map.copyOf(values);
    }
  }
}
