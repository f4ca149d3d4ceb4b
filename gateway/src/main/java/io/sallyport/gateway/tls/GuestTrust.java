package io.sallyport.gateway.tls;

import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.handler.ssl.ResumableX509ExtendedTrustManager;
import io.sallyport.identity.ClaimName;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may speak at a door that takes guests. Devices are let in as everywhere. A
 * certificate that introduces somebody, by a manufacturer's authority or as a claim of ours, lets
 * nobody in: it is only proven that its key is there, and the desk asks what it is worth. Nor does
 * one that has expired, where such may be renewed.
 */
public final class GuestTrust extends ClientTrust implements ResumableX509ExtendedTrustManager {
  private final DeviceTrust devices;
  private final BooleanSupplier takesManufacturers;
  private final BooleanSupplier takesClaims;
  private final Supplier<Duration> expiredMax;

  /** Where no certificate that has expired is renewed. */
  public GuestTrust(
      DeviceTrust devices, BooleanSupplier takesManufacturers, BooleanSupplier takesClaims) {
    this(devices, takesManufacturers, takesClaims, () -> Duration.ZERO);
  }

  /**
   * Beside that trust in devices.
   *
   * @param takesManufacturers whether certificates of other authorities come to the desk at all
   * @param takesClaims whether claims do
   * @param expiredMax how long ago a device's certificate may have expired that comes to the desk
   *     to be renewed; zero for not at all
   */
  public GuestTrust(
      DeviceTrust devices,
      BooleanSupplier takesManufacturers,
      BooleanSupplier takesClaims,
      Supplier<Duration> expiredMax) {
    this.expiredMax = expiredMax;
    this.devices = devices;
    this.takesClaims = takesClaims;
    this.takesManufacturers = takesManufacturers;
  }

  /** Whether a certificate only introduces who shows it; false for all that open the gate. */
  public boolean introduces(X509Certificate shown) {
    try {
      devices.admit(shown);
      return false;
    } catch (CertificateRefused e) {
      return introduces(shown, e.refusal());
    } catch (CertificateException e) {
      return false;
    }
  }

  private boolean introduces(X509Certificate shown, HandshakeRefusal refusal) {
    return switch (refusal) {
      case UNKNOWN_CA -> takesManufacturers.getAsBoolean();
      // A claim outside of its time comes to the desk, too, which knows it by its hash and raises
      // the alarm.
      case NAMES_NOBODY, EXPIRED, NOT_YET_VALID ->
          takesClaims.getAsBoolean() && ClaimName.of(shown).isPresent();
      case RETIRED_CA, UNTRUSTED_PATH, UNKNOWN_PRINCIPAL, QUARANTINED, REVOKED -> false;
    };
  }

  /** Whom a certificate names that has expired and may only be renewed; null for all others. */
  public @Nullable VerifiedDevice expired(X509Certificate shown) {
    if (!expiredMax.get().isPositive()) {
      return null;
    }
    try {
      devices.admit(shown);
      return null;
    } catch (CertificateRefused e) {
      try {
        return isRenewable(e) ? devices.admitExpired(shown, expiredMax.get()) : null;
      } catch (CertificateException later) {
        return null;
      }
    } catch (CertificateException e) {
      return null;
    }
  }

  private boolean isRenewable(CertificateRefused refused) {
    return refused.refusal() == HandshakeRefusal.EXPIRED && expiredMax.get().isPositive();
  }

  @Override
  void check(X509Certificate[] chain) throws CertificateException {
    try {
      devices.admit(chain[0]);
    } catch (CertificateRefused e) {
      if (introduces(chain[0], e.refusal())) {
        return;
      }
      if (!isRenewable(e)) {
        throw told(e);
      }
      try {
        devices.admitExpired(chain[0], expiredMax.get());
      } catch (CertificateRefused later) {
        throw told(later);
      }
    }
  }

  private static CertificateException told(CertificateRefused refused) {
    return new OpenSslCertificateException(
        refused.getMessage(), refused, refused.refusal().verificationResult());
  }

  @Override
  public void resumeClientTrusted(X509Certificate[] chain, SSLEngine engine)
      throws CertificateException {
    check(chain);
    devices.resumes(engine);
  }

  @Override
  public void resumeServerTrusted(X509Certificate[] chain, SSLEngine engine)
      throws CertificateException {
    throw neverAClient();
  }

  /**
   * None where manufacturers' are taken: a client would keep back what is not below one of ours.
   */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return takesManufacturers.getAsBoolean()
        ? new X509Certificate[0]
        : devices.getAcceptedIssuers();
  }
}
