package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValidationCertificateTest {
  @Test
  void isForOneNameAndNothingElse() throws Exception {
    var now = Instant.parse("2026-11-22T10:00:00Z");
    var keys = KeyPairs.p256();
    var validation = new byte[32];
    validation[31] = 9;

    var proof =
        ValidationCertificate.of(keys, "gate.example.org", validation, Serials.random(), now);

    proof.verify(keys.getPublic());
    assertThat(List.copyOf(proof.getSubjectAlternativeNames()))
        .isEqualTo(List.of(List.of(2, "gate.example.org")));
    assertThat(proof.getCriticalExtensionOIDs()).containsExactly("1.3.6.1.5.5.7.1.31");
    assertThat(proof.getExtensionValue("1.3.6.1.5.5.7.1.31"))
        .as("an octet string in the octet string of every extension")
        .startsWith(4, 34, 4, 32)
        .endsWith(0, 9);
    assertThat(proof.getNotAfter().toInstant()).isBefore(now.plusSeconds(86_401));
  }
}
