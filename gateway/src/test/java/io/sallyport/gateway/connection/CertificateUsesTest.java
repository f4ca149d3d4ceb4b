package io.sallyport.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.rotation.CertificateUse;
import org.junit.jupiter.api.Test;

class CertificateUsesTest {
  private static CertificateUse use(int certificate, long messages) {
    return new CertificateUse(
        new Fingerprint("%064x".formatted(certificate)), messages, messages * 100);
  }

  /** The attack: certificates without end while nobody can take what they carried. */
  @Test
  void onlySoManyCertificatesWaitAndThoseAreStillCounted() {
    var uses = new CertificateUses(new Connections(), 2);
    uses.add(use(1, 1));
    uses.add(use(2, 2));
    uses.add(use(3, 3));
    uses.add(use(1, 4));

    assertThat(uses.drain()).containsExactlyInAnyOrder(use(1, 5), use(2, 2));

    uses.add(use(3, 6));
    assertThat(uses.drain()).containsExactly(use(3, 6));
    assertThat(uses.drain()).isEmpty();
  }
}
