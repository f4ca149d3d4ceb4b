package io.sallyport.identity.attestation;

import io.sallyport.identity.PublicKeyHash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What makes evidence fresh, and of one key alone: it must hold these bytes. */
public final class Nonce {
  /** Bytes of a challenge, and of the nonce that is made of it. */
  public static final int LENGTH = 32;

  private final byte[] bytes;

  private Nonce(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * SHA-256 over the challenge and the SHA-256 of the device's own SubjectPublicKeyInfo. A device
   * computes it over its own key, so a challenge that somebody relays to it cannot vouch for
   * another's key.
   */
  public static Nonce of(byte[] challenge, PublicKeyHash deviceKey) {
    if (challenge.length != LENGTH) {
      throw new IllegalArgumentException("a challenge has " + LENGTH + " bytes");
    }
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(challenge);
      return new Nonce(digest.digest(HexFormat.of().parseHex(deviceKey.hex())));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** A nonce that was made elsewhere. */
  static Nonce ofBytes(byte[] bytes) {
    return new Nonce(bytes.clone());
  }

  /** The bytes that belong into the evidence. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Whether the evidence's bytes are these; takes as long whatever they are. */
  boolean is(byte[] presented) {
    return MessageDigest.isEqual(bytes, presented);
  }
}
