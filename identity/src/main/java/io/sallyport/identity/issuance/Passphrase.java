package io.sallyport.identity.issuance;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/** What opens sealed keys. Not a record: a record would print it. Closing wipes it. */
public final class Passphrase implements AutoCloseable {
  /** Bound: longer ones are refused. */
  public static final int BYTES_MAX = 1024;

  private static final int GENERATED_BYTES = 32;

  private final byte[] utf8;
  private final boolean guessable;

  private Passphrase(byte[] utf8, boolean guessable) {
    this.utf8 = utf8;
    this.guessable = guessable;
  }

  /**
   * A passphrase as it stands in a file, without the line end that editors add; the array stays the
   * caller's to wipe.
   *
   * @throws IllegalArgumentException when it is empty, longer than the bound, or not UTF-8 text
   */
  public static Passphrase of(byte[] utf8) {
    int length = utf8.length;
    if (length > 0 && utf8[length - 1] == '\n') {
      length--;
    }
    if (length > 0 && utf8[length - 1] == '\r') {
      length--;
    }
    if (length == 0 || length > BYTES_MAX) {
      throw new IllegalArgumentException(
          "a passphrase must have 1 to " + BYTES_MAX + " bytes: " + length);
    }
    var own = Arrays.copyOf(utf8, length);
    try {
      Arrays.fill(decode(own), '\0');
    } catch (CharacterCodingException e) {
      Arrays.fill(own, (byte) 0);
      throw new IllegalArgumentException("a passphrase must be UTF-8 text", e);
    }
    return new Passphrase(own, true);
  }

  /** A passphrase for a file that nobody types: 256 random bits, in base64url. */
  public static Passphrase generate() {
    var random = new byte[GENERATED_BYTES];
    new SecureRandom().nextBytes(random);
    try {
      return new Passphrase(Base64.getUrlEncoder().withoutPadding().encode(random), false);
    } finally {
      Arrays.fill(random, (byte) 0);
    }
  }

  /** Its UTF-8 form: a copy, for the caller to write with mode 0600 or use, and then wipe. */
  public byte[] utf8() {
    return utf8.clone();
  }

  /** Whether a person may have chosen it, so that making each guess dear is worth our time. */
  boolean isGuessable() {
    return guessable;
  }

  /** Its characters: a copy, for the caller to wipe. */
  char[] characters() {
    try {
      return decode(utf8);
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("a passphrase was checked to be UTF-8", e);
    }
  }

  @Override
  public void close() {
    Arrays.fill(utf8, (byte) 0);
  }

  @Override
  public String toString() {
    return "Passphrase[hidden]";
  }

  private static char[] decode(byte[] utf8) throws CharacterCodingException {
    CharBuffer decoded =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(utf8));
    var characters = new char[decoded.remaining()];
    decoded.get(characters);
    Arrays.fill(decoded.array(), '\0');
    return characters;
  }
}
