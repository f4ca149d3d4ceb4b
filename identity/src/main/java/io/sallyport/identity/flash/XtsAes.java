package io.sallyport.identity.flash;

import java.util.Arrays;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * AES in the mode XTS (IEEE 1619) for data units of whole blocks, which neither the JDK nor Bouncy
 * Castle has; the block cipher is Bouncy Castle's. It hides, but guards nothing: who can write to
 * the flash can put an older state back.
 */
final class XtsAes {
  static final int BLOCK_BYTES = 16;
  private static final int FEEDBACK = 0x87;

  private final BlockCipher data;
  private final BlockCipher tweak;

  private XtsAes(boolean encrypting, byte[] key) {
    var half = key.length / 2;
    data = AESEngine.newInstance();
    data.init(encrypting, new KeyParameter(key, 0, half));
    tweak = AESEngine.newInstance();
    tweak.init(true, new KeyParameter(key, half, half));
  }

  /** With a key for the data and then, as long, one for the tweak. */
  static XtsAes encrypting(byte[] key) {
    return new XtsAes(true, key);
  }

  /** The other direction. */
  static XtsAes decrypting(byte[] key) {
    return new XtsAes(false, key);
  }

  /**
   * Changes one data unit where it lies.
   *
   * @param number of the data unit, which makes equal ones look different
   */
  void process(byte[] bytes, int offset, int length, long number) {
    if (length % BLOCK_BYTES != 0) {
      throw new IllegalArgumentException("not whole blocks: " + length);
    }
    var mask = mask(number);
    for (int at = offset; at < offset + length; at += BLOCK_BYTES) {
      mix(bytes, at, mask);
      data.processBlock(bytes, at, bytes, at);
      mix(bytes, at, mask);
      multiply(mask);
    }
    Arrays.fill(mask, (byte) 0);
  }

  private byte[] mask(long number) {
    var mask = new byte[BLOCK_BYTES];
    for (int i = 0; i < Long.BYTES; i++) {
      mask[i] = (byte) (number >>> (8 * i));
    }
    tweak.processBlock(mask, 0, mask, 0);
    return mask;
  }

  private static void mix(byte[] bytes, int offset, byte[] mask) {
    for (int i = 0; i < BLOCK_BYTES; i++) {
      bytes[offset + i] ^= mask[i];
    }
  }

  /** By the primitive element of the field of 2^128, whose first byte is the least. */
  private static void multiply(byte[] mask) {
    int carry = 0;
    for (int i = 0; i < BLOCK_BYTES; i++) {
      int doubled = ((mask[i] & 0xff) << 1) | carry;
      mask[i] = (byte) doubled;
      carry = doubled >>> 8;
    }
    // Without a branch on the secret.
    mask[0] ^= (byte) (FEEDBACK & -carry);
  }
}
