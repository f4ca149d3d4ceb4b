package io.sallyport.identity.keys;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.random.RandomGenerator;

/** Makes RSA moduli as flawed generators do, from a seed. */
final class BadKeys {
  private static final BigInteger GENERATOR = BigInteger.valueOf(65_537);

  private final RandomGenerator random;

  BadKeys(RandomGenerator random) {
    this.random = random;
  }

  static RSAPublicKey key(BigInteger modulus) {
    return key(modulus, GENERATOR);
  }

  static RSAPublicKey key(BigInteger modulus, BigInteger exponent) {
    try {
      return (RSAPublicKey)
          KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A prime of that length whose two top bits are set. */
  BigInteger prime(int bits) {
    return number(bits).setBit(bits - 1).setBit(bits - 2).nextProbablePrime();
  }

  /** A prime as RSALib makes them for keys of 2048 bits: {@code k·M + (65537^a mod M)}. */
  BigInteger rocaPrime() {
    var m = BigInteger.ONE;
    for (var prime : SmallFactors.primes(702)) {
      m = m.multiply(prime);
    }
    while (true) {
      var k = number(1024 - m.bitLength());
      var prime = k.multiply(m).add(GENERATOR.modPow(number(64), m));
      if (prime.bitLength() > 1000 && prime.isProbablePrime(20)) {
        return prime;
      }
    }
  }

  private BigInteger number(int bits) {
    var bytes = new byte[(bits + 7) / 8];
    random.nextBytes(bytes);
    return new BigInteger(1, bytes).mod(BigInteger.ONE.shiftLeft(bits));
  }
}
