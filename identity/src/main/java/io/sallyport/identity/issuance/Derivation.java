package io.sallyport.identity.issuance;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** How what opens sealed keys becomes the AES-256 key that seals them. */
sealed interface Derivation {
  int SALT_BYTES = 16;
  int KEY_BYTES = 32;

  /** As it stands in the head of a sealed key. */
  String text();

  String saltBase64();

  /** The key; the secret stays the caller's to wipe. */
  byte[] derive(byte[] secret);

  default byte[] salt() {
    return Base64.getDecoder().decode(saltBase64());
  }

  /**
   * The one of a header.
   *
   * @throws SealBroken if it is unknown or would cost more than is allowed
   */
  static Derivation parse(String text, String saltBase64) throws SealBroken {
    if (text.equals(Extract.NAME)) {
      return new Extract(saltBase64);
    }
    var matcher = Argon2id.SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw new SealBroken("not a sealed key of version 1");
    }
    var dear =
        new Argon2id(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(matcher.group(3)),
            saltBase64);
    if (!dear.isAffordable()) {
      throw new SealBroken("the sealed key asks for more work than is allowed");
    }
    return dear;
  }

  /**
   * HKDF with SHA-256 (RFC 5869), of 256 random bits that nobody guesses at any price: there a
   * price would only slow our own start.
   */
  record Extract(String saltBase64) implements Derivation {
    private static final String NAME = "HKDF-SHA256";
    private static final byte[] PURPOSE =
        "sallyport sealing key".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String text() {
      return NAME;
    }

    @Override
    public byte[] derive(byte[] secret) {
      try {
        return KDF.getInstance(NAME)
            .deriveData(
                HKDFParameterSpec.ofExtract()
                    .addIKM(secret)
                    .addSalt(salt())
                    .thenExpand(PURPOSE, KEY_BYTES));
      } catch (GeneralSecurityException e) {
        throw new IssuanceUnavailable("a sealing key could not be derived", e);
      }
    }
  }

  /**
   * Argon2id (RFC 9106), of what a person may have chosen: each guess is dear.
   *
   * @param memoryKib Argon2's m
   * @param passes Argon2's t
   * @param lanes Argon2's p
   */
  record Argon2id(int memoryKib, int passes, int lanes, String saltBase64) implements Derivation {
    private static final Pattern SYNTAX =
        Pattern.compile("Argon2id m=([1-9][0-9]{0,6}) t=([1-9][0-9]?) p=([1-9])");
    // RFC 9106, 4: the second recommended setting, with one lane because one thread computes it.
    private static final int MEMORY_KIB = 64 * 1024;
    private static final int PASSES = 3;
    private static final int LANES = 1;
    // Bound: what a file from outside may make us spend; about four times our own setting each.
    private static final int MEMORY_KIB_MAX = 256 * 1024;
    private static final int MEMORY_KIB_MIN = 8 * 1024;
    private static final int PASSES_MAX = 12;
    private static final int LANES_MAX = 4;

    Argon2id(String saltBase64) {
      this(MEMORY_KIB, PASSES, LANES, saltBase64);
    }

    private boolean isAffordable() {
      return memoryKib >= MEMORY_KIB_MIN
          && memoryKib <= MEMORY_KIB_MAX
          && passes <= PASSES_MAX
          && lanes <= LANES_MAX;
    }

    @Override
    public String text() {
      return "Argon2id m=%d t=%d p=%d".formatted(memoryKib, passes, lanes);
    }

    @Override
    public byte[] derive(byte[] secret) {
      var parameters =
          new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
              .withVersion(Argon2Parameters.ARGON2_VERSION_13)
              .withMemoryAsKB(memoryKib)
              .withIterations(passes)
              .withParallelism(lanes)
              .withSalt(salt())
              .build();
      var generator = new Argon2BytesGenerator();
      generator.init(parameters);
      var key = new byte[KEY_BYTES];
      generator.generateBytes(secret, key);
      return key;
    }
  }
}
