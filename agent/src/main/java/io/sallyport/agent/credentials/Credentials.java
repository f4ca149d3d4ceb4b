package io.sallyport.agent.credentials;

import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.bundle.Identity;
import io.sallyport.agent.bundle.MalformedBundle;
import io.sallyport.agent.state.StateDirectory;
import io.sallyport.agent.state.StateUnavailable;
import io.sallyport.identity.CertificateIdentity;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.DeviceKeys;
import io.sallyport.identity.rotation.device.CertificateCheck;
import io.sallyport.identity.rotation.device.DeviceRotation;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every key that the device has, with its certificate: number 0 is the bundle's, the others were
 * made here. A key never leaves the folder; what it asks for is a request.
 */
public final class Credentials {
  private static final String ROTATION = "rotation.json";
  // Bound: the numbers below this one of a key made last are looked at for something to delete.
  private static final int LOOK_BACK = 16;

  private final Bundle bundle;
  private final StateDirectory state;

  /** Those of the bundle, and those that were made since. */
  public Credentials(Bundle bundle, StateDirectory state) {
    this.bundle = bundle;
    this.state = state;
  }

  /** What is remembered of rotation; a device as it was enrolled where nothing is. */
  public DeviceRotation rotation() {
    try {
      return state.read(ROTATION).map(RotationFile::read).orElseGet(DeviceRotation::enrolled);
    } catch (RuntimeException e) {
      throw new StateUnavailable(ROTATION + " is not what this agent wrote", e);
    }
  }

  /** Remembers it. */
  public void remember(DeviceRotation rotation) {
    state.write(ROTATION, RotationFile.write(rotation));
  }

  /**
   * The key and certificate of that number.
   *
   * @throws MalformedBundle if they are not there, or broken
   */
  public Identity identity(long generation) throws MalformedBundle {
    if (generation == 0) {
      return bundle.identity();
    }
    var chain = state.read(certificate(generation));
    var key = state.read(key(generation));
    if (chain.isEmpty() || key.isEmpty()) {
      throw new StateUnavailable("the credential " + generation + " is gone");
    }
    return Identity.of(text(chain.get()), text(key.get()));
  }

  /** Makes a key and its request, in place of what was there under the number. */
  public void makeKey(long generation) {
    try (var keys = DeviceKeys.generate(PrincipalKind.DEVICE, bundle.identity().id())) {
      var pem = keys.privateKeyPem();
      state.delete(certificate(generation));
      state.write(request(generation), keys.requestPem().getBytes(StandardCharsets.US_ASCII));
      state.write(key(generation), pem);
      Arrays.fill(pem, (byte) 0);
    }
  }

  /** The request for a certificate, PKCS#10 in PEM. */
  public Optional<String> requestFor(long generation) {
    return state.read(request(generation)).map(Credentials::text);
  }

  /**
   * Looks at a certificate that came, and stores it if it is good.
   *
   * @param pem the certificate, and perhaps its issuers
   */
  public CertificateCheck install(long generation, String pem) {
    List<X509Certificate> chain;
    try {
      chain = new ArrayList<>(Pem.certificates(pem));
    } catch (MalformedPem _) {
      return CertificateCheck.UNUSABLE;
    }
    if (chain.isEmpty()) {
      return CertificateCheck.UNUSABLE;
    }
    if (chain.size() == 1) {
      // The issuer seldom changes: what the bundle brought goes along.
      chain.addAll(bundle.identity().chain().subList(1, bundle.identity().chain().size()));
    }
    if (!(CertificateIdentity.of(chain.getFirst())
        instanceof CertificateIdentity.Identified(PrincipalKind kind, var id))) {
      return CertificateCheck.UNUSABLE;
    }
    if (kind != PrincipalKind.DEVICE || !id.equals(bundle.identity().id())) {
      return CertificateCheck.OTHER_NAME;
    }
    if (!leadsToRoot(chain)) {
      return CertificateCheck.UNTRUSTED_ISSUER;
    }
    return store(generation, chain);
  }

  private CertificateCheck store(long generation, List<X509Certificate> chain) {
    var pem = Pem.of(chain);
    var key = state.read(key(generation));
    if (key.isEmpty()) {
      return CertificateCheck.OTHER_KEY;
    }
    try {
      Identity.of(pem, text(key.get()));
    } catch (MalformedBundle _) {
      return CertificateCheck.OTHER_KEY;
    }
    state.write(certificate(generation), pem.getBytes(StandardCharsets.US_ASCII));
    return CertificateCheck.GOOD;
  }

  /** By signatures alone: the device's clock may stand anywhere. */
  private boolean leadsToRoot(List<X509Certificate> chain) {
    for (var i = 0; i < chain.size(); i++) {
      if (isSigned(chain.get(i), bundle.root().getPublicKey())) {
        return true;
      }
      if (i + 1 == chain.size()
          || chain.get(i + 1).getBasicConstraints() < 0
          || !isSigned(chain.get(i), chain.get(i + 1).getPublicKey())) {
        return false;
      }
    }
    return false;
  }

  private static boolean isSigned(X509Certificate certificate, PublicKey by) {
    try {
      certificate.verify(by);
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  /** Deletes every other key that was made here. */
  public void keepOnly(Set<Long> generations) {
    var newest = generations.stream().mapToLong(Long::longValue).max().orElse(0);
    for (var one = Math.max(1, newest - LOOK_BACK); one <= newest; one++) {
      if (!generations.contains(one) && state.read(key(one)).isPresent()) {
        state.delete(key(one));
        state.delete(certificate(one));
        state.delete(request(one));
      }
    }
  }

  private static String key(long generation) {
    return "device-" + generation + ".key";
  }

  private static String certificate(long generation) {
    return "device-" + generation + ".crt";
  }

  private static String request(long generation) {
    return "device-" + generation + ".csr";
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
