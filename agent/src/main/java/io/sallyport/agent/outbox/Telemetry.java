package io.sallyport.agent.outbox;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One record: {@code length, CRC-32C of what follows, sequence, topic length, topic, payload}, in
 * network byte order.
 *
 * @param sequence its number, from 1, never used again
 * @param topic where it goes
 * @param payload its bytes, not to be written to
 */
@SuppressWarnings("ArrayRecordComponent") // Written once, compared with nothing.
public record Telemetry(long sequence, String topic, byte[] payload) {
  /** What the length and the checksum take. */
  static final int PREFIX = 8;

  /** Of an empty record. */
  static final int LENGTH_MIN = PREFIX + 10;

  /** The longest topic (MQTT 5, 1.5.4) and the longest payload that an agent keeps, bytes. */
  static final int TOPIC_MAX = 65_535;

  /** The longest payload that an agent keeps, bytes. */
  public static final int PAYLOAD_MAX = 128 * 1024;

  static final int LENGTH_MAX = LENGTH_MIN + TOPIC_MAX + PAYLOAD_MAX;

  ByteBuffer encode() {
    var name = topic.getBytes(StandardCharsets.UTF_8);
    var length = LENGTH_MIN + name.length + payload.length;
    var out = ByteBuffer.allocate(length);
    out.putInt(length).putInt(0).putLong(sequence);
    out.putShort((short) name.length).put(name).put(payload);
    out.putInt(4, checksum(out.array(), PREFIX, length));
    return out.flip();
  }

  /**
   * Reads the record that begins at the buffer's position, and moves on to the next.
   *
   * @return null if there is no whole and unbroken one
   */
  static @Nullable Telemetry decode(ByteBuffer in) {
    if (in.remaining() < LENGTH_MIN) {
      return null;
    }
    var begin = in.position();
    var length = in.getInt(begin);
    if (length < LENGTH_MIN || length > LENGTH_MAX || length > in.remaining()) {
      return null;
    }
    var bytes = new byte[length];
    in.get(begin, bytes);
    var record = ByteBuffer.wrap(bytes);
    if (record.getInt(4) != checksum(bytes, PREFIX, length)) {
      return null;
    }
    var sequence = record.getLong(PREFIX);
    var topicLength = record.getShort(PREFIX + 8) & 0xffff;
    if (sequence < 1 || LENGTH_MIN + topicLength > length) {
      return null;
    }
    in.position(begin + length);
    var topic = new String(bytes, LENGTH_MIN, topicLength, StandardCharsets.UTF_8);
    var payload = new byte[length - LENGTH_MIN - topicLength];
    System.arraycopy(bytes, LENGTH_MIN + topicLength, payload, 0, payload.length);
    return new Telemetry(sequence, topic, payload);
  }

  static int checksum(byte[] bytes, int from, int to) {
    var crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }
}
