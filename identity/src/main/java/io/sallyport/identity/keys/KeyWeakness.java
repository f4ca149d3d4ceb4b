package io.sallyport.identity.keys;

import java.util.Locale;

/** A way in which a public key was made badly. */
public enum KeyWeakness {
  /** The generator of Infineon's library, CVE-2017-15361. */
  ROCA("the RSA key was made by Infineon's flawed generator (ROCA, CVE-2017-15361)"),
  /** A prime that everybody tries first. */
  SMALL_FACTOR("the RSA modulus has a small factor"),
  /** Primes that Fermat's method finds, CVE-2022-26320. */
  CLOSE_PRIMES("the RSA primes are too close to each other (CVE-2022-26320)"),
  /** A modulus that is itself a prime or the power of one. */
  NO_TWO_PRIMES("the RSA modulus is a prime or a perfect square"),
  /** FIPS 186-5, A.1.1: odd, above 2^16, below 2^256. */
  EXPONENT("an RSA exponent must be odd, at least 65537 and below 2^256"),
  /** SP 800-56A, 5.6.2.3.3: a key off its curve tells the secrets of whoever computes with it. */
  NO_POINT("the public key is no point of its curve"),
  /** A private scalar that counting finds. */
  TRIVIAL_SCALAR("the private key is a number that counting finds"),
  /** A key of a published list, such as that of Debian's generator, CVE-2008-0166. */
  LISTED("the key is in the list of compromised keys (such as CVE-2008-0166)");

  private final String text;

  KeyWeakness(String text) {
    this.text = text;
  }

  /** One clause for people. */
  public String text() {
    return text;
  }

  /** The lower-case word with hyphens, for JSON and tables. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
