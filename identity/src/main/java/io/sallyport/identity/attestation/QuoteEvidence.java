package io.sallyport.identity.attestation;

import io.sallyport.identity.attestation.EvidenceRefused.Reason;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A TPM's quote (TCG TPM 2.0 Library, part 2, section 10.12): the key signed what the TPM itself
 * made, for this nonce, and the register values that come with it have the digest in it.
 */
final class QuoteEvidence {
  private static final int LENGTH_MAX = 1024;
  // Part 2, 6.2: what a TPM signs of its own begins with it, and nothing else that it signs does.
  private static final int TPM_GENERATED = 0xff544347;
  private static final int ST_ATTEST_QUOTE = 0x8018;
  private static final int ALG_SHA256 = 0x000b;
  private static final int PCR_LENGTH = 32;
  private static final int PCRS_MAX = 24;
  private static final int SECURE_BOOT_PCR = 7;
  private static final int CLOCK_INFO_LENGTH = 17;

  private QuoteEvidence() {}

  static Claims claims(Evidence.Quote evidence, List<PublicKey> keys, Expectation expected)
      throws EvidenceRefused {
    var attested = evidence.attested();
    if (attested.length > LENGTH_MAX) {
      throw malformed("a quote must not be longer than " + LENGTH_MAX + " bytes");
    }
    var signature = TpmSignature.parse(evidence.signature());
    if (keys.stream().noneMatch(key -> signature.isOf(key, attested))) {
      throw new EvidenceRefused(
          Reason.NOT_SIGNED_BY_KNOWN_KEY,
          "the quote is not signed by a key registered for " + expected.device());
    }
    try {
      return read(ByteBuffer.wrap(attested), evidence.registers(), signature, expected);
    } catch (BufferUnderflowException e) {
      throw malformed("the quote ends too early");
    }
  }

  private static Claims read(
      ByteBuffer quote,
      SortedMap<Integer, byte[]> pcrs,
      TpmSignature signature,
      Expectation expected)
      throws EvidenceRefused {
    if (quote.getInt() != TPM_GENERATED || unsigned(quote.getShort()) != ST_ATTEST_QUOTE) {
      throw malformed("not a quote that a TPM made");
    }
    sized(quote);
    TokenEvidence.requireFresh(sized(quote), expected);
    skip(quote, CLOCK_INFO_LENGTH);
    var firmware = HexFormat.of().toHexDigits(quote.getLong());
    var selected = selection(quote);
    var digest = sized(quote);
    if (quote.hasRemaining()) {
      throw malformed("the quote has bytes after its end");
    }
    if (!selected.equals(List.copyOf(pcrs.keySet()))) {
      throw malformed("the register values are not those that were quoted: " + selected);
    }
    if (!MessageDigest.isEqual(digest, digestOf(pcrs, signature))) {
      throw malformed("the register values do not have the digest that was quoted");
    }
    var measurements = new ArrayList<Measurement>();
    pcrs.forEach(
        (number, value) ->
            measurements.add(
                new Measurement("pcr:sha256:" + number, HexFormat.of().formatHex(value))));
    var facts = new TreeMap<String, String>();
    facts.put("tpmFirmware", firmware);
    // A TPM says nothing of debug ports; that the approved register 7 is among what was measured
    // is its word for a verified boot, and approving the values stands for the rest.
    return new Claims(true, selected.contains(SECURE_BOOT_PCR), measurements, facts);
  }

  private static List<Integer> selection(ByteBuffer quote) throws EvidenceRefused {
    if (quote.getInt() != 1 || unsigned(quote.getShort()) != ALG_SHA256) {
      throw malformed("a quote must be of the SHA-256 bank alone");
    }
    int length = quote.get();
    if (length < 0 || length > PCRS_MAX / Byte.SIZE) {
      throw malformed("a quote has at most " + PCRS_MAX + " registers");
    }
    var selected = new ArrayList<Integer>();
    for (int i = 0; i < length; i++) {
      int bits = quote.get();
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        if ((bits >> bit & 1) == 1) {
          selected.add(i * Byte.SIZE + bit);
        }
      }
    }
    return selected;
  }

  private static byte[] digestOf(SortedMap<Integer, byte[]> pcrs, TpmSignature signature)
      throws EvidenceRefused {
    try {
      var digest = MessageDigest.getInstance(signature.hash());
      for (var value : pcrs.values()) {
        if (value.length != PCR_LENGTH) {
          throw malformed("a register value has " + PCR_LENGTH + " bytes");
        }
        digest.update(value);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-2", e);
    }
  }

  static byte[] sized(ByteBuffer buffer) {
    int length = unsigned(buffer.getShort());
    if (length > buffer.remaining()) {
      throw new BufferUnderflowException();
    }
    var bytes = new byte[length];
    buffer.get(bytes);
    return bytes;
  }

  private static void skip(ByteBuffer buffer, int length) {
    if (length > buffer.remaining()) {
      throw new BufferUnderflowException();
    }
    buffer.position(buffer.position() + length);
  }

  static int unsigned(short value) {
    return Short.toUnsignedInt(value);
  }

  static EvidenceRefused malformed(String what) {
    return new EvidenceRefused(Reason.MALFORMED, what);
  }

  /** Whether a JCA signature verifies; any doubt is a no. */
  static boolean verifies(
      java.security.Signature verifier, PublicKey key, byte[] signed, byte[] signature) {
    try {
      verifier.initVerify(key);
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
