package io.sallyport.control;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.RSAPrivateKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.random.RandomGenerator;

/** Requests with RSA keys of chosen primes, as flawed generators make them. */
public final class RsaRequests {
  private static final BigInteger EXPONENT = BigInteger.valueOf(65_537);
  private static final int PRIME_BITS = 1024;

  private final RandomGenerator random;

  /** Chosen by a seed. */
  public RsaRequests(RandomGenerator random) {
    this.random = random;
  }

  /** A request for any id, with the key of these primes. */
  public static String of(BigInteger p, BigInteger q) {
    return of(p, q, EXPONENT);
  }

  /** The same with another exponent. */
  public static String of(BigInteger p, BigInteger q, BigInteger exponent) {
    try {
      var modulus = p.multiply(q);
      var order = p.subtract(BigInteger.ONE).multiply(q.subtract(BigInteger.ONE));
      var keys = KeyFactory.getInstance("RSA");
      PublicKey publicKey = keys.generatePublic(new RSAPublicKeySpec(modulus, exponent));
      PrivateKey privateKey =
          keys.generatePrivate(new RSAPrivateKeySpec(modulus, exponent.modInverse(order)));
      return TestRequests.withoutSubject(
          new KeyPair(publicKey, privateKey), "SHA256withRSA", "300d06092a864886f70d01010b0500");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A prime whose two top bits are set, and of which the exponents have an inverse. */
  public BigInteger prime() {
    while (true) {
      var prime =
          number(PRIME_BITS).setBit(PRIME_BITS - 1).setBit(PRIME_BITS - 2).nextProbablePrime();
      if (!prime.mod(EXPONENT).equals(BigInteger.ONE)) {
        return prime;
      }
    }
  }

  /** A prime of Infineon's generator: {@code k·M + (65537^a mod M)}. */
  public BigInteger rocaPrime() {
    var m = BigInteger.ONE;
    for (var n = BigInteger.TWO; n.intValue() < 702; n = n.nextProbablePrime()) {
      m = m.multiply(n);
    }
    while (true) {
      var top = BigInteger.valueOf(3).shiftLeft(PRIME_BITS - 2).add(number(PRIME_BITS - 8));
      var prime = top.divide(m).multiply(m).add(EXPONENT.modPow(number(64), m));
      if (prime.isProbablePrime(20)) {
        return prime;
      }
    }
  }

  private BigInteger number(int bits) {
    var bytes = new byte[bits / 8];
    random.nextBytes(bytes);
    return new BigInteger(1, bytes);
  }
}
