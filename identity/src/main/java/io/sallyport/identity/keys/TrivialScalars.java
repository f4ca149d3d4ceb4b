package io.sallyport.identity.keys;

import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;

/**
 * The public keys of the private scalars 1 to 2^16 and of their negatives on P-256 and P-384: keys
 * of a random source that gave next to nothing. A point and its negative share their x coordinate.
 */
final class TrivialScalars {
  /** Bound: scalars that are counted. */
  static final int SCALARS = 1 << 16;

  private TrivialScalars() {}

  static boolean contain(ECPublicKey key) {
    var x = key.getW().getAffineX();
    return switch (key.getParams().getOrder().bitLength()) {
      case 256 -> P256.contains(x);
      case 384 -> P384.contains(x);
      default -> false;
    };
  }

  /** Made when the first key of that curve is looked at. */
  private static final class P256 {
    private static final long[] TABLE = table("P-256");

    static boolean contains(BigInteger x) {
      return Arrays.binarySearch(TABLE, x.longValue()) >= 0;
    }
  }

  /** As above. */
  private static final class P384 {
    private static final long[] TABLE = table("P-384");

    static boolean contains(BigInteger x) {
      return Arrays.binarySearch(TABLE, x.longValue()) >= 0;
    }
  }

  /** The last 64 bits of each x: another key has one of them once in 2^48. */
  private static long[] table(String curve) {
    var parameters = CustomNamedCurves.getByName(curve);
    var points = new ECPoint[SCALARS];
    points[0] = parameters.getG();
    for (int n = 1; n < SCALARS; n++) {
      points[n] = points[n - 1].add(parameters.getG());
    }
    // One inversion for all of them.
    parameters.getCurve().normalizeAll(points);
    return Arrays.stream(points)
        .mapToLong(point -> point.getAffineXCoord().toBigInteger().longValue())
        .sorted()
        .toArray();
  }
}
