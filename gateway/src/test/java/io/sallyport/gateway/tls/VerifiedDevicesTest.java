package io.sallyport.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.gateway.trust.TrustState;
import io.sallyport.gateway.trust.TrustedPrincipal;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.Standing;
import io.sallyport.policy.PolicySet;
import io.sallyport.testkit.TestCa;
import io.sallyport.testkit.TestIdentity;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is remembered of verified certificates is bounded, and what is used is kept. */
final class VerifiedDevicesTest {
  private static final int MAX = 100;

  private final VerifiedDevices verified = new VerifiedDevices(MAX);

  private static VerifiedDevice device(int number) {
    return new VerifiedDevice(
        Fingerprint.ofDer(new byte[] {(byte) (number >> 16), (byte) (number >> 8), (byte) number}),
        new PrincipalId("device-" + number),
        PrincipalKind.DEVICE,
        Instant.EPOCH,
        Instant.MAX,
        new PublicKeyHash("0".repeat(64)));
  }

  @Test
  void remembersNoMoreThanItsBound() {
    for (int number = 0; number < 100 * MAX; number++) {
      verified.remember(device(number));
      assertThat(verified.size()).isLessThanOrEqualTo(MAX);
    }
    assertThat(verified.find(device(100 * MAX - 1).certificate())).isNotNull();
    assertThat(verified.find(device(0).certificate())).as("the oldest").isNull();
  }

  @Test
  void keepsWhatIsUsed() {
    var busy = device(1 << 20);
    verified.remember(busy);
    for (int number = 0; number < 100 * MAX; number++) {
      verified.remember(device(number));
      if (number % (MAX / 4) == 0) {
        assertThat(verified.find(busy.certificate())).isEqualTo(busy);
      }
    }
  }

  /** Forgetting costs time and nothing else: no trust is lost, and none is won. */
  @Test
  void whoeverWasForgottenIsVerifiedAgain() throws CertificateException {
    var ca = TestCa.create(Instant.now());
    var trust = new TrustState();
    var four = new TlsSettings(Duration.ofSeconds(1), 1, Duration.ofHours(1), 4);
    var anchors = new DeviceAnchors(List.of(ca.devices()), List.of(ca.root()));
    var gate = new DeviceTrust(anchors, trust, four, InstantSource.system());
    var fleet = new ArrayList<TestIdentity>();
    for (int number = 0; number < 12; number++) {
      var identity = ca.device("d-" + number);
      fleet.add(identity);
      trust.put(trusted("d-" + number, identity, Standing.ACTIVE));
    }
    for (int round = 0; round < 2; round++) {
      for (var identity : fleet) {
        assertThat(gate.admit(identity.certificate()).certificate())
            .isEqualTo(identity.fingerprint());
      }
    }
    for (int number = 0; number < fleet.size(); number++) {
      var certificate = fleet.get(number).certificate();
      trust.put(trusted("d-" + number, fleet.get(number), Standing.REVOKED));
      assertThatThrownBy(() -> gate.admit(certificate)).isInstanceOf(CertificateRefused.class);
    }
  }

  private static TrustedPrincipal trusted(String id, TestIdentity identity, Standing standing) {
    return new TrustedPrincipal(
        new PrincipalId(id),
        PrincipalKind.DEVICE,
        standing,
        Set.of(identity.fingerprint()),
        PolicySet.of(List.of()),
        null,
        Map.of());
  }
}
