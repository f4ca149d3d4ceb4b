package io.sallyport.identity.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sallyport.identity.Fingerprint;
import org.junit.jupiter.api.Test;

class CertificateUseTest {
  private static final Fingerprint ONE = new Fingerprint("11".repeat(32));
  private static final Fingerprint OTHER = new Fingerprint("22".repeat(32));

  @Test
  void usesOfOneCertificateAddUp() {
    assertThat(new CertificateUse(ONE, 1, 20).plus(new CertificateUse(ONE, 3, 40)))
        .isEqualTo(new CertificateUse(ONE, 4, 60));
  }

  @Test
  void whatIsNoUseIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new CertificateUse(ONE, -1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new CertificateUse(ONE, 0, -1));
    var use = new CertificateUse(ONE, 1, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> use.plus(new CertificateUse(OTHER, 1, 1)));
  }
}
