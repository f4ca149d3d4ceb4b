package io.sallyport.conformance.est;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.conformance.product.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.est.ESTException;
import org.bouncycastle.est.ESTService;
import org.bouncycastle.est.EnrollmentResponse;
import org.bouncycastle.est.jcajce.JcaHttpAuthBuilder;
import org.bouncycastle.est.jcajce.JsseESTServiceBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bouncy Castle's EST client, unchanged, at the EST door. */
class BouncyCastleTest {
  @TempDir static Path folder;
  private static EstSite site;

  @BeforeAll
  static void open() {
    Tool.need(Tool.OPENSSL);
    site = new EstSite(folder, "  approval: true\n  retry-after: 1s\n", EstSite.NO_BANS);
  }

  @AfterAll
  static void close() {
    if (site != null) {
      site.close();
    }
  }

  private static X509Certificate root() throws Exception {
    try (var stream = Files.newInputStream(site.ca())) {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509").generateCertificate(stream);
    }
  }

  private static ESTService client(KeyManager @Nullable [] keys) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("root", root());
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    var trust = (X509TrustManager) factory.getTrustManagers()[0];
    var builder = new JsseESTServiceBuilder("localhost:" + site.port(), trust);
    if (keys != null) {
      for (var key : keys) {
        builder.withKeyManager(key);
      }
    }
    return builder.build();
  }

  private static KeyPair keys() throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static PKCS10CertificationRequest request(String id, KeyPair keys) throws Exception {
    return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=" + id), keys.getPublic())
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
  }

  private static X509Certificate only(EnrollmentResponse response) throws Exception {
    assertThat(response.isCompleted()).isTrue();
    var all = response.getStore().getMatches(null);
    assertThat(all).hasSize(1);
    return new JcaX509CertificateConverter()
        .getCertificate((X509CertificateHolder) all.iterator().next());
  }

  private static KeyManager[] shown(KeyPair keys, X509Certificate certificate) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("device", keys.getPrivate(), new char[0], new X509Certificate[] {certificate});
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  @Test
  void readsTheAuthoritiesAndThatNothingIsAsked() throws Exception {
    var client = client(null);

    assertThat(client.getCACerts().getCertificateStore().getMatches(null))
        .contains(new X509CertificateHolder(root().getEncoded()))
        .hasSize(3);
    assertThat(client.getCSRAttributes().hasAttributesResponse()).isFalse();
  }

  @Test
  void enrolsWithATokenAndRenews() throws Exception {
    var first = keys();
    var token = site.token("pump-1").toCharArray();

    var auth =
        new JcaHttpAuthBuilder("sallyport", "pump-1", token)
            .setNonceGenerator(new java.security.SecureRandom())
            .build();
    var certificate =
        only(client(null).simpleEnroll(false, request("pump-1", first), auth));
    assertThat(certificate.getPublicKey()).isEqualTo(first.getPublic());

    var second = keys();
    var successor =
        only(
            client(shown(first, certificate))
                .simpleEnroll(true, request("pump-1", second), null));
    assertThat(successor.getPublicKey()).isEqualTo(second.getPublic());
    assertThat(successor.getSubjectX500Principal())
        .isEqualTo(certificate.getSubjectX500Principal());
    assertThat(successor.getSubjectAlternativeNames())
        .isEqualTo(certificate.getSubjectAlternativeNames());
    successor.verify(certificate(certificate.getIssuerX500Principal().getName()).getPublicKey());
  }

  private static X509Certificate certificate(String name) throws Exception {
    for (var holder : client(null).getCACerts().getCertificateStore().getMatches(null)) {
      var one = new JcaX509CertificateConverter().getCertificate(holder);
      if (one.getSubjectX500Principal().getName().equals(name)) {
        return one;
      }
    }
    throw new AssertionError("no authority " + name);
  }

  @Test
  void waitsForTheOperatorAndSendsTheSameAgain() throws Exception {
    var keys = keys();
    var request = request("pump-2", keys);
    var client = client(null);

    var first = client.simpleEnroll(false, request, null);
    assertThat(first.isCompleted()).isFalse();
    assertThat(first.canRetry()).isTrue();
    assertThat(client.simpleEnroll(first).isCompleted()).isFalse();

    site.product.cli("enrolment", "approve", "pump-2", "--type", "pump").expecting(0);

    var certificate = only(client.simpleEnroll(first));
    assertThat(certificate.getPublicKey()).isEqualTo(keys.getPublic());
    // The answer may be lost: the same request gets the same certificate.
    assertThat(only(client.simpleEnroll(first))).isEqualTo(certificate);
    assertThat(site.product.cli("device", "list").expecting(0).out()).contains("pump-2", "pump");
  }

  @Test
  void isToldWhyItIsRefused() throws Exception {
    var keys = keys();
    var request = request("pump-3", keys);
    var client = client(null);
    client.simpleEnroll(false, request, null);

    site.product.cli("enrolment", "reject", "pump-3").expecting(0);

    assertThatThrownBy(() -> client.simpleEnroll(false, request, null))
        .isInstanceOf(ESTException.class)
        .hasMessageContaining("403");
  }
}
