package io.sallyport.identity.keys;

import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;

/**
 * The public keys of the private scalars 1 to 2^16 and of their negatives on P-256 and P-384: keys
 * of a random source that gave next to nothing. By baby steps and giant steps, so that neither the
 * first key nor each later one takes long.
 */
final class TrivialScalars {
  /** Bound: all scalars that are found, counted from zero in both directions; then only some. */
  static final int SCALARS = 1 << 16;

  private static final int BABY_STEPS = 1 << 13;
  private static final int GIANT_STEPS = SCALARS / (2 * BABY_STEPS);

  private TrivialScalars() {}

  /** Whether counting finds the private key; that there is one is looked at first. */
  static Optional<KeyWeakness> weakness(ECPublicKey key) {
    var point = key.getW();
    return switch (key.getParams().getOrder().bitLength()) {
      case 256 -> P256.STEPS.weakness(point.getAffineX(), point.getAffineY());
      case 384 -> P384.STEPS.weakness(point.getAffineX(), point.getAffineY());
      default -> Optional.empty();
    };
  }

  /** Made when the first key of that curve is looked at. */
  private static final class P256 {
    private static final Steps STEPS = Steps.on("P-256");
  }

  /** As above. */
  private static final class P384 {
    private static final Steps STEPS = Steps.on("P-384");
  }

  /**
   * The last 64 bits of x of every baby step, in order: another key has one of them once in 2^48. A
   * point and its negative share their x, so each step counts in both directions.
   */
  private static final class Steps {
    private final ECCurve curve;
    private final long[] babySteps;
    private final List<ECPoint> giantSteps;

    private Steps(ECCurve curve, long[] babySteps, List<ECPoint> giantSteps) {
      this.curve = curve;
      this.babySteps = babySteps;
      this.giantSteps = giantSteps;
    }

    static Steps on(String name) {
      var parameters = CustomNamedCurves.getByName(name);
      var generator = parameters.getG();
      var points = new ECPoint[BABY_STEPS];
      points[0] = generator;
      for (int n = 1; n < BABY_STEPS; n++) {
        points[n] = points[n - 1].add(generator);
      }
      // One inversion for all of them.
      parameters.getCurve().normalizeAll(points);
      var giant = generator.multiply(BigInteger.valueOf(2L * BABY_STEPS + 1)).normalize();
      var giants = new ArrayList<ECPoint>();
      for (int n = 1; n <= GIANT_STEPS; n++) {
        var step = giant.multiply(BigInteger.valueOf(n)).normalize();
        giants.add(step);
        giants.add(step.negate());
      }
      return new Steps(
          parameters.getCurve(),
          Arrays.stream(points).mapToLong(Steps::shortened).sorted().toArray(),
          giants);
    }

    Optional<KeyWeakness> weakness(BigInteger x, BigInteger y) {
      try {
        return reach(curve.validatePoint(x, y))
            ? Optional.of(KeyWeakness.TRIVIAL_SCALAR)
            : Optional.empty();
      } catch (IllegalArgumentException _) {
        // Java's own reader of keys lets such a point pass.
        return Optional.of(KeyWeakness.NO_POINT);
      }
    }

    private boolean reach(ECPoint key) {
      var near = new ECPoint[giantSteps.size() + 1];
      near[0] = key;
      for (int n = 1; n < near.length; n++) {
        near[n] = key.add(giantSteps.get(n - 1));
      }
      curve.normalizeAll(near);
      return Arrays.stream(near).anyMatch(this::isBabyStep);
    }

    private boolean isBabyStep(ECPoint point) {
      return point.isInfinity() || Arrays.binarySearch(babySteps, shortened(point)) >= 0;
    }

    private static long shortened(ECPoint point) {
      return point.getAffineXCoord().toBigInteger().longValue();
    }
  }
}
