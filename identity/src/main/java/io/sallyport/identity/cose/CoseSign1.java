package io.sallyport.identity.cose;

import com.upokecenter.cbor.CBORObject;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * A message with one signature (RFC 9052, section 4.2), read and not yet believed: what is in it
 * counts only once {@link #isSignedBy} has said so.
 */
public final class CoseSign1 {
  /** The CBOR tag of such a message. */
  public static final int TAG = 18;

  private static final int ALGORITHM = 1;
  private static final int CRITICAL = 2;
  private static final int KEY_ID = 4;
  private static final int PARTS = 4;

  private final byte[] protectedHeader;
  private final CoseAlgorithm algorithm;
  private final byte @Nullable [] keyId;
  private final byte[] payload;
  private final byte[] signature;

  private CoseSign1(
      byte[] protectedHeader,
      CoseAlgorithm algorithm,
      byte @Nullable [] keyId,
      byte[] payload,
      byte[] signature) {
    this.protectedHeader = protectedHeader;
    this.algorithm = algorithm;
    this.keyId = keyId;
    this.payload = payload;
    this.signature = signature;
  }

  /**
   * Reads a message with its payload in it, tagged or not.
   *
   * @param lengthMax how long it may be, in bytes
   */
  public static CoseSign1 parse(byte[] encoded, int lengthMax) throws MalformedCbor {
    var parts = CborReader.of(encoded, lengthMax, "the message").untagged(TAG).elements();
    if (parts.size() != PARTS) {
      throw new MalformedCbor("a COSE_Sign1 has four parts, not " + parts.size());
    }
    var header = parts.get(0).bytes();
    var readable = CborReader.of(header, lengthMax, "the protected header");
    // RFC 9052, 3.1: who does not understand a critical parameter must not go on.
    if (readable.at(CRITICAL).isPresent()) {
      throw new MalformedCbor("the protected header has critical parameters, and none is known");
    }
    // An algorithm that the signature does not cover could be exchanged on the way.
    var algorithm = CoseAlgorithm.of(readable.need(ALGORITHM).number());
    var unprotected = parts.get(1);
    if (unprotected.at(ALGORITHM).isPresent()) {
      throw new MalformedCbor("the algorithm is in the unprotected header");
    }
    var key = readable.at(KEY_ID).isPresent() ? readable.at(KEY_ID) : unprotected.at(KEY_ID);
    return new CoseSign1(
        header,
        algorithm,
        key.isPresent() ? key.get().bytes() : null,
        parts.get(2).bytes(),
        parts.get(3).bytes());
  }

  /** Whether that key signed it, with nothing besides. */
  public boolean isSignedBy(PublicKey key) {
    return isSignedBy(key, new byte[0]);
  }

  /** Whether that key signed it together with what both sides know ({@code external_aad}). */
  public boolean isSignedBy(PublicKey key, byte[] besides) {
    var signed =
        CBORObject.NewArray()
            .Add("Signature1")
            .Add(protectedHeader)
            .Add(besides)
            .Add(payload)
            .EncodeToBytes();
    return algorithm.verifies(key, signed, signature);
  }

  /** The key's name, if the signer gave one; a hint for a search and no proof. */
  public byte @Nullable [] keyId() {
    return keyId == null ? null : keyId.clone();
  }

  /** What was signed. */
  public byte[] payload() {
    return payload.clone();
  }
}
