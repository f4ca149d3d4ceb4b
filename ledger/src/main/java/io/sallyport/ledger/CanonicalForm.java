package io.sallyport.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The bytes that a record's hash is made of, specified so that anybody can check a ledger without
 * this program. It is a sequence of fields, each its length in bytes as a 32-bit big-endian number
 * and then that many bytes; texts are in UTF-8, numbers in decimal digits with a leading {@code -}
 * if negative. In this order:
 *
 * <ol>
 *   <li>the text {@code sallyport-ledger-1}
 *   <li>the previous record's hash, 32 bytes; zeros before the first record
 *   <li>the sequence number
 *   <li>the time, in milliseconds since 1970-01-01T00:00:00Z
 *   <li>the type's word, for instance {@code publish-denied}
 *   <li>the actor
 *   <li>the subject
 *   <li>the number of facts
 *   <li>for each fact, in the order of the names' UTF-16 code units: its name, its value
 * </ol>
 *
 * The hash is SHA-256 over these bytes. The lengths make the form unambiguous: two different
 * records never have the same bytes.
 */
public final class CanonicalForm {
  private static final String VERSION = "sallyport-ledger-1";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

  private CanonicalForm() {}

  /** The canonical bytes of a record. */
  public static byte[] of(long sequence, SecurityEvent event, RecordHash previous) {
    var form = new CanonicalForm();
    form.field(VERSION);
    form.field(HexFormat.of().parseHex(previous.hex()));
    form.field(Long.toString(sequence));
    form.field(Long.toString(event.at().toEpochMilli()));
    form.field(event.type().word());
    form.field(event.actor());
    form.field(event.subject());
    form.field(Integer.toString(event.facts().size()));
    event
        .facts()
        .forEach(
            (name, value) -> {
              form.field(name);
              form.field(value);
            });
    return form.bytes.toByteArray();
  }

  /** The hash of a record. */
  public static RecordHash hash(long sequence, SecurityEvent event, RecordHash previous) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(of(sequence, event, previous));
      return new RecordHash(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void field(String text) {
    field(text.getBytes(StandardCharsets.UTF_8));
  }

  private void field(byte[] content) {
    bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array());
    bytes.writeBytes(content);
  }
}
