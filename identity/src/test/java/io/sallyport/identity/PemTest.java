package io.sallyport.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
  private static final String BLOCK = "-----BEGIN THING-----\nAQID\n-----END THING-----\n";

  @Test
  void certificatesRoundTrip() throws MalformedPem {
    var certificate = TestCertificates.good().sign();
    assertThat(Pem.certificate(Pem.of(certificate))).isEqualTo(certificate);
    assertThat(Pem.certificates(Pem.of(List.of(certificate, certificate))))
        .containsExactly(certificate, certificate);
  }

  @Test
  void readsLineEndsOfEverySystem() throws MalformedPem {
    assertThat(Pem.decode(BLOCK, "THING")).containsExactly(1, 2, 3);
    assertThat(Pem.decode("\r\n " + BLOCK.replace("\n", "\r\n"), "OTHER", "THING"))
        .containsExactly(1, 2, 3);
    assertThat(new String(Pem.encode("THING", new byte[] {1, 2, 3}), StandardCharsets.US_ASCII))
        .isEqualTo(BLOCK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        BLOCK + BLOCK,
        BLOCK + "x",
        "x" + BLOCK,
        "-----BEGIN OTHER-----\nAQID\n-----END OTHER-----\n",
        "-----BEGIN THING-----\nAQID\n-----END OTHER-----\n",
        "-----BEGIN THING-----\nAQI\n-----END THING-----\n",
        "-----BEGIN THING-----\nAQJ=\n-----END THING-----\n",
        "-----BEGIN THING-----\nProc-Type: 4\n\nAQID\n-----END THING-----\n",
        "-----BEGIN THING-----\nAQID\n"
      })
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> Pem.decode(text, "THING")).isInstanceOf(MalformedPem.class);
  }

  @Test
  void refusesMoreThanItsBound() {
    assertThatThrownBy(() -> Pem.decode(BLOCK + " ".repeat(256 * 1024), "THING"))
        .isInstanceOf(MalformedPem.class)
        .hasMessageContaining("longer");
  }

  @Test
  void refusesWhatIsNoCertificate() throws Exception {
    var der = TestCertificates.good().sign().getEncoded();
    var longer = Arrays.copyOf(der, der.length + 1);
    assertThatThrownBy(() -> Pem.certificateOfDer(longer)).isInstanceOf(MalformedPem.class);
    assertThatThrownBy(() -> Pem.certificateOfDer(new byte[] {48, 0}))
        .isInstanceOf(MalformedPem.class);
    assertThatThrownBy(() -> Pem.certificateOfDer(new byte[0])).isInstanceOf(MalformedPem.class);
  }
}
