package io.sallyport.identity.issuance;

import io.sallyport.identity.Serial;
import java.math.BigInteger;
import java.security.SecureRandom;

/** Where serials come from; a registry records each before the certificate is signed. */
@FunctionalInterface
public interface Serials {
  /** A serial that was never given out before. */
  Serial next();

  /** 128 random bits each: no state is needed for them never to repeat. */
  static Serials random() {
    var random = new SecureRandom();
    return () -> {
      BigInteger value;
      do {
        value = new BigInteger(128, random);
      } while (value.signum() == 0);
      return new Serial(value);
    };
  }
}
