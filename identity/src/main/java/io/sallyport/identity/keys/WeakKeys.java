package io.sallyport.identity.keys;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.EnumSet;
import java.util.Set;

/** What can be seen of one public key by itself. */
public final class WeakKeys {
  private static final BigInteger EXPONENT_MIN = BigInteger.valueOf(65_537);
  private static final int EXPONENT_BITS_MAX = 256;

  private WeakKeys() {}

  /** Every weakness of a key; none of most. */
  public static Set<KeyWeakness> of(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa -> ofRsa(rsa.getModulus(), rsa.getPublicExponent());
      case ECPublicKey ec ->
          TrivialScalars.weakness(ec)
              .<Set<KeyWeakness>>map(EnumSet::of)
              .orElseGet(() -> EnumSet.noneOf(KeyWeakness.class));
      default -> EnumSet.noneOf(KeyWeakness.class);
    };
  }

  private static Set<KeyWeakness> ofRsa(BigInteger modulus, BigInteger exponent) {
    var found = EnumSet.noneOf(KeyWeakness.class);
    if (exponent.compareTo(EXPONENT_MIN) < 0
        || exponent.bitLength() > EXPONENT_BITS_MAX
        || !exponent.testBit(0)) {
      found.add(KeyWeakness.EXPONENT);
    }
    if (SmallFactors.divide(modulus)) {
      found.add(KeyWeakness.SMALL_FACTOR);
    }
    if (RocaFingerprint.matches(modulus)) {
      found.add(KeyWeakness.ROCA);
    }
    switch (Fermat.of(modulus)) {
      case SQUARE -> found.add(KeyWeakness.NO_TWO_PRIMES);
      case CLOSE -> found.add(KeyWeakness.CLOSE_PRIMES);
      case FAR -> {
        // As it should be.
      }
    }
    if (modulus.isProbablePrime(2)) {
      found.add(KeyWeakness.NO_TWO_PRIMES);
    }
    return found;
  }
}
