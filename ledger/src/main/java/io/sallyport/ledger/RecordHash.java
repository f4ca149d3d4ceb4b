package io.sallyport.ledger;

import java.util.regex.Pattern;

/** SHA-256 of a ledger record and of everything before it, in lower-case hexadecimal. */
public record RecordHash(String hex) {
  private static final Pattern SYNTAX = Pattern.compile("[0-9a-f]{64}");

  /** What the first record names as its predecessor: 32 zero bytes. */
  public static final RecordHash GENESIS = new RecordHash("0".repeat(64));

  /** Refuses, with {@link IllegalArgumentException}, anything but 64 lower-case hex digits. */
  public RecordHash {
    if (!SYNTAX.matcher(hex).matches()) {
      throw new IllegalArgumentException("a record hash must be 64 lower-case hex digits");
    }
  }

  @Override
  public String toString() {
    return hex;
  }
}
