package io.sallyport.conformance.est;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
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
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.est.ESTService;
import org.bouncycastle.est.EnrollmentResponse;
import org.bouncycastle.est.jcajce.JsseESTServiceBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/** Bouncy Castle's EST client, unchanged. */
final class EstClient {
  private final EstSite site;

  EstClient(EstSite site) {
    this.site = site;
  }

  X509Certificate root() throws Exception {
    try (var stream = Files.newInputStream(site.ca())) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(stream);
    }
  }

  ESTService connect(KeyManager @Nullable [] keys) throws Exception {
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

  static KeyPair keys() throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  static PKCS10CertificationRequest request(String id, KeyPair keys) throws Exception {
    return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=" + id), keys.getPublic())
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
  }

  static X509Certificate only(EnrollmentResponse response) throws Exception {
    assertThat(response.isCompleted()).isTrue();
    var all = response.getStore().getMatches(null);
    assertThat(all).hasSize(1);
    return new JcaX509CertificateConverter().getCertificate(all.iterator().next());
  }

  static KeyManager[] shown(KeyPair keys, X509Certificate certificate) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "device", keys.getPrivate(), new char[0], new X509Certificate[] {certificate});
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }
}
