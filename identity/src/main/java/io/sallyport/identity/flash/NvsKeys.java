package io.sallyport.identity.flash;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The key of an encrypted partition of non-volatile storage: for the data 32 bytes, for the tweak
 * 32 more. Each device has one of its own, from the system's generator; closing wipes it.
 */
public final class NvsKeys implements AutoCloseable {
  /** The size of the partition that holds it. */
  public static final int PARTITION_BYTES = 4096;

  private static final int KEY_BYTES = 64;

  private final byte[] key;

  private NvsKeys(byte[] key) {
    this.key = key;
  }

  /** A fresh key; deliberately without a way to choose its randomness. */
  public static NvsKeys generate() {
    var key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return new NvsKeys(key);
  }

  /** The key of a key partition, or a refusal. */
  static NvsKeys read(byte[] partition) throws MalformedNvs {
    var buffer = ByteBuffer.wrap(partition).order(ByteOrder.LITTLE_ENDIAN);
    if (partition.length != PARTITION_BYTES
        || buffer.getInt(KEY_BYTES) != NvsChecksum.of(partition, 0, KEY_BYTES)) {
      throw new MalformedNvs("not a key partition");
    }
    return new NvsKeys(Arrays.copyOf(partition, KEY_BYTES));
  }

  /** The image of the partition of type data, subtype nvs_keys; for the caller to wipe. */
  public byte[] partition() {
    var image = new byte[PARTITION_BYTES];
    Arrays.fill(image, (byte) 0xff);
    System.arraycopy(key, 0, image, 0, KEY_BYTES);
    ByteBuffer.wrap(image)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(KEY_BYTES, NvsChecksum.of(key, 0, KEY_BYTES));
    return image;
  }

  XtsAes encrypting() {
    return XtsAes.encrypting(key);
  }

  XtsAes decrypting() {
    return XtsAes.decrypting(key);
  }

  @Override
  public void close() {
    Arrays.fill(key, (byte) 0);
  }

  @Override
  public String toString() {
    return "NvsKeys[hidden]";
  }
}
