package io.sallyport.identity.keys;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The fingerprint of keys by Infineon's RSALib (Nemec et al., The Return of Coppersmith's Attack,
 * 2017, section 2.3): its primes are {@code k·M + (65537^a mod M)} with M a product of the first
 * primes, so the modulus too is a power of 65537 modulo each of those. An ordinary modulus has that
 * property once in 2^154.
 */
final class RocaFingerprint {
  /** The primes of M for the shortest keys; those for longer keys only add to them. */
  private static final int PRIMES_BELOW = 168;

  private static final int GENERATOR = 65_537;

  private static final List<Subgroup> SUBGROUPS = subgroups();

  private RocaFingerprint() {}

  /** The powers of the generator modulo one prime. */
  private record Subgroup(BigInteger prime, BitSet powers) {
    boolean contains(BigInteger modulus) {
      return powers.get(modulus.mod(prime).intValue());
    }
  }

  static boolean matches(BigInteger modulus) {
    return SUBGROUPS.stream().allMatch(subgroup -> subgroup.contains(modulus));
  }

  private static List<Subgroup> subgroups() {
    var subgroups = new ArrayList<Subgroup>();
    for (var prime : SmallFactors.primes(PRIMES_BELOW)) {
      int p = prime.intValue();
      var powers = new BitSet(p);
      for (int power = 1; !powers.get(power); power = (int) ((long) power * GENERATOR % p)) {
        powers.set(power);
      }
      subgroups.add(new Subgroup(prime, powers));
    }
    return List.copyOf(subgroups);
  }
}
