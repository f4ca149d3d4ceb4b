package io.sallyport.identity.manufacturer;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.keys.WeakKeys;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Set;

/**
 * An authority of a manufacturer as somebody registered it: what an operator named, not what a
 * client brings, so nothing above it is looked at.
 */
public final class ManufacturerAuthority {
  /** Bound: an authority's certificate in PEM. */
  public static final int PEM_MAX = 16 << 10;

  private static final int KEY_CERT_SIGN = 5;
  private static final int RSA_BITS_MIN = 2048;
  private static final int RSA_BITS_MAX = 8192;
  private static final int EC_BITS_MIN = 256;
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String NAME_CONSTRAINTS = "2.5.29.30";

  private final X509Certificate certificate;

  private ManufacturerAuthority(X509Certificate certificate) {
    this.certificate = certificate;
  }

  /** One certificate in PEM that can be an anchor, whatever its dates are now. */
  public static ManufacturerAuthority parse(String pem) throws UnusableAuthority {
    if (pem.length() > PEM_MAX) {
      throw new UnusableAuthority("longer than " + PEM_MAX + " characters");
    }
    try {
      return of(Pem.certificate(pem));
    } catch (MalformedPem e) {
      throw new UnusableAuthority(String.valueOf(e.getMessage()));
    }
  }

  private static ManufacturerAuthority of(X509Certificate certificate) throws UnusableAuthority {
    var usage = certificate.getKeyUsage();
    if (certificate.getBasicConstraints() < 0) {
      throw new UnusableAuthority("not an authority's certificate: it lacks CA:TRUE");
    }
    if (usage != null && !usage[KEY_CERT_SIGN]) {
      throw new UnusableAuthority("its key usage lacks keyCertSign");
    }
    // An anchor's constraints are not heard by path validation: better none than unheard ones.
    var critical = certificate.getCriticalExtensionOIDs();
    boolean others =
        critical != null && !Set.of(BASIC_CONSTRAINTS, KEY_USAGE).containsAll(critical);
    if (others || certificate.getExtensionValue(NAME_CONSTRAINTS) != null) {
      throw new UnusableAuthority("it has constraints that an anchor's certificate cannot carry");
    }
    if (!isStrong(certificate.getPublicKey())) {
      throw new UnusableAuthority(
          "its key is weak or of another kind than RSA of 2048 to 8192 bits, EC from P-256, EdDSA");
    }
    return new ManufacturerAuthority(certificate);
  }

  /** Whether a key can carry an identity. */
  static boolean isStrong(PublicKey key) {
    boolean known =
        switch (key) {
          case RSAPublicKey rsa ->
              rsa.getModulus().bitLength() >= RSA_BITS_MIN
                  && rsa.getModulus().bitLength() <= RSA_BITS_MAX;
          case ECPublicKey ec -> ec.getParams().getOrder().bitLength() >= EC_BITS_MIN;
          case EdECPublicKey _ -> true;
          default -> false;
        };
    return known && WeakKeys.of(key).isEmpty();
  }

  public X509Certificate certificate() {
    return certificate;
  }

  boolean isValidAt(Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && !now.isAfter(certificate.getNotAfter().toInstant());
  }

  /** Whether it lets so many authorities be between itself and a device. */
  boolean letsBeBelow(int authorities) {
    return certificate.getBasicConstraints() >= authorities;
  }
}
