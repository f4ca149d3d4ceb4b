package io.sallyport.gateway.tls;

import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.handler.ssl.ResumableX509ExtendedTrustManager;
import io.sallyport.gateway.trust.TrustState;
import io.sallyport.gateway.trust.TrustedPrincipal;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.Standing;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;

/**
 * Decides at every handshake and at every resumption whether a certificate opens the gate now. A
 * ticket therefore never outlives trust.
 */
public final class DeviceTrust extends ClientTrust implements ResumableX509ExtendedTrustManager {
  private final TrustState trust;
  private final TlsSettings settings;
  private final InstantSource clock;
  private volatile Anchored anchored;
  // Weak, because a handshake that fails after it is not asked for.
  private final Set<SSLEngine> resumed =
      Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));
  private final LongAdder resumptions = new LongAdder();

  /** What belongs to one set of CAs: with others, nothing verified under these is remembered. */
  private record Anchored(
      DevicePaths paths,
      VerifiedDevices verified,
      Set<PublicKeyHash> retired,
      List<X509Certificate> acceptedIssuers) {}

  public DeviceTrust(
      DeviceAnchors anchors, TrustState trust, TlsSettings settings, InstantSource clock) {
    this.trust = trust;
    this.settings = settings;
    this.clock = clock;
    this.anchored = anchored(anchors);
  }

  private Anchored anchored(DeviceAnchors anchors) {
    return new Anchored(
        new DevicePaths(anchors, clock),
        new VerifiedDevices(settings.verifiedCertificatesMax()),
        anchors.retired().stream()
            .map(one -> PublicKeyHash.of(one.getPublicKey()))
            .collect(Collectors.toUnmodifiableSet()),
        Stream.concat(anchors.issuers().stream(), anchors.roots().stream()).toList());
  }

  /** Takes other CAs, from the next handshake and resumption on. */
  public void take(DeviceAnchors anchors) {
    anchored = anchored(anchors);
  }

  /** Whether a certificate that was let in is of an issuing CA whose time is over by now. */
  public boolean isRetired(VerifiedDevice device) {
    return anchored.retired.contains(device.issuer());
  }

  /** Whom a certificate lets in now; refuses whatever is not beyond doubt. */
  public VerifiedDevice admit(X509Certificate presented) throws CertificateException {
    var device = verified(presented);
    var now = clock.instant();
    if (now.isAfter(device.notAfter())) {
      throw CertificateRefused.verified(HandshakeRefusal.EXPIRED, device);
    }
    if (now.isBefore(device.notBefore())) {
      throw CertificateRefused.verified(HandshakeRefusal.NOT_YET_VALID, device);
    }
    if (!unbarred(device).admits(device.certificate())) {
      throw CertificateRefused.verified(HandshakeRefusal.REVOKED, device);
    }
    return device;
  }

  /**
   * Whom a certificate names that has expired, and not longer ago than that. It lets nobody in: it
   * is the registry that knows whether it was revoked or has a successor.
   */
  VerifiedDevice admitExpired(X509Certificate presented, Duration expiredMax)
      throws CertificateException {
    var device =
        anchored.paths.verifyToItsEnd(presented, Fingerprint.ofDer(presented.getEncoded()));
    if (device.kind() != PrincipalKind.DEVICE) {
      throw CertificateRefused.verified(
          HandshakeRefusal.EXPIRED, device, "it is not a device's, which alone may renew it now");
    }
    if (clock.instant().isAfter(device.notAfter().plus(expiredMax))) {
      throw CertificateRefused.verified(
          HandshakeRefusal.EXPIRED, device, "too long ago to be renewed");
    }
    if (unbarred(device).standing() != Standing.ACTIVE) {
      throw CertificateRefused.verified(HandshakeRefusal.REVOKED, device);
    }
    return device;
  }

  /** Whom it names, known and not quarantined. */
  private TrustedPrincipal unbarred(VerifiedDevice device) throws CertificateRefused {
    var principal = trust.find(device.id());
    if (principal == null || principal.kind() != device.kind()) {
      throw CertificateRefused.verified(HandshakeRefusal.UNKNOWN_PRINCIPAL, device);
    }
    if (principal.standing() == Standing.QUARANTINED) {
      throw CertificateRefused.verified(HandshakeRefusal.QUARANTINED, device);
    }
    return principal;
  }

  private VerifiedDevice verified(X509Certificate presented)
      throws CertificateRefused, CertificateEncodingException {
    var fingerprint = Fingerprint.ofDer(presented.getEncoded());
    var by = anchored;
    var known = by.verified.find(fingerprint);
    if (known != null) {
      return known;
    }
    var device = by.paths.verify(presented, fingerprint);
    by.verified.remember(device);
    return device;
  }

  /** How many resumptions were let in. */
  public long resumptions() {
    return resumptions.sum();
  }

  /** Whether a handshake that has just finished was a resumption; to be asked once. */
  public boolean wasResumed(SSLEngine engine) {
    return resumed.remove(engine);
  }

  @Override
  void check(X509Certificate[] chain) throws CertificateException {
    try {
      admit(chain[0]);
    } catch (CertificateRefused e) {
      throw new OpenSslCertificateException(e.getMessage(), e, e.refusal().verificationResult());
    }
  }

  @Override
  public void resumeClientTrusted(X509Certificate[] chain, SSLEngine engine)
      throws CertificateException {
    check(chain);
    resumes(engine);
  }

  /** Counts a handshake that resumes what was let in, and remembers that it did. */
  void resumes(SSLEngine engine) {
    resumptions.increment();
    resumed.add(engine);
  }

  @Override
  public void resumeServerTrusted(X509Certificate[] chain, SSLEngine engine)
      throws CertificateException {
    throw neverAClient();
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return anchored.acceptedIssuers.toArray(X509Certificate[]::new);
  }
}
