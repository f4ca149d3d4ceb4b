package io.sallyport.conformance.est;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Tool;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.est.jcajce.JcaHttpAuthBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bouncy Castle's EST client at the EST door. */
class BouncyCastleTest {
  @TempDir static Path folder;
  private static EstSite site;
  private static EstClient est;

  @BeforeAll
  static void open() {
    Tool.need(Tool.OPENSSL);
    site = new EstSite(folder, "  names-encoding: true\n", EstSite.NO_BANS);
    est = new EstClient(site);
  }

  @AfterAll
  static void close() {
    if (site != null) {
      site.close();
    }
  }

  @Test
  void readsTheAuthoritiesAndThatNothingIsAsked() throws Exception {
    var client = est.connect(null);

    assertThat(client.getCACerts().getCertificateStore().getMatches(null))
        .contains(new X509CertificateHolder(est.root().getEncoded()))
        .hasSize(3);
    assertThat(client.getCSRAttributes().hasAttributesResponse()).isFalse();
  }

  @Test
  void enrolsWithATokenAndRenews() throws Exception {
    var first = EstClient.keys();
    var token = site.token("pump-1").toCharArray();

    var auth =
        new JcaHttpAuthBuilder("sallyport", "pump-1", token)
            .setNonceGenerator(new java.security.SecureRandom())
            .build();
    var certificate =
        EstClient.only(
            est.connect(null).simpleEnroll(false, EstClient.request("pump-1", first), auth));
    assertThat(certificate.getPublicKey()).isEqualTo(first.getPublic());

    var second = EstClient.keys();
    var successor =
        EstClient.only(
            est.connect(EstClient.shown(first, certificate))
                .simpleEnroll(true, EstClient.request("pump-1", second), null));
    assertThat(successor.getPublicKey()).isEqualTo(second.getPublic());
    assertThat(successor.getSubjectX500Principal())
        .isEqualTo(certificate.getSubjectX500Principal());
    assertThat(List.copyOf(successor.getSubjectAlternativeNames()))
        .isEqualTo(List.copyOf(certificate.getSubjectAlternativeNames()));
    successor.verify(certificate(certificate.getIssuerX500Principal().getName()).getPublicKey());
  }

  private static X509Certificate certificate(String name) throws Exception {
    for (var holder : est.connect(null).getCACerts().getCertificateStore().getMatches(null)) {
      var one = new JcaX509CertificateConverter().getCertificate(holder);
      if (one.getSubjectX500Principal().getName().equals(name)) {
        return one;
      }
    }
    throw new AssertionError("no authority " + name);
  }
}
