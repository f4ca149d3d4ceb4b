package io.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.CertificateIdentity;
import io.sallyport.identity.CertificateIdentity.Identified;
import io.sallyport.identity.CertificateIdentity.Reason;
import io.sallyport.identity.CertificateIdentity.Refused;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestCaTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final TestCa CA = TestCa.create(NOW);

  @Test
  void goodOnesAreTrustedAndIdentified() throws Exception {
    for (var good : new TestIdentity[] {CA.device("d"), CA.rsa("d"), CA.ed25519("d")}) {
      requireTrusted(good);
      assertIdentity(good, new Identified(PrincipalKind.DEVICE, new PrincipalId("d")));
    }
    requireTrusted(CA.server());
    assertIdentity(CA.backend("b"), new Identified(PrincipalKind.BACKEND, new PrincipalId("b")));
    assertIdentity(CA.operator("o"), new Identified(PrincipalKind.OPERATOR, new PrincipalId("o")));
  }

  @Test
  void untrustedOnesHaveTheRightNameAndNoTrust() {
    for (var bad :
        new TestIdentity[] {
          CA.expired("d"), CA.notYetValid("d"), CA.fromOtherCa("d"), CA.selfSigned("d")
        }) {
      assertIdentity(bad, new Identified(PrincipalKind.DEVICE, new PrincipalId("d")));
      assertThatThrownBy(() -> requireTrusted(bad)).isInstanceOf(GeneralSecurityException.class);
    }
  }

  @Test
  void trustedOnesWithoutAnIdentityAreRefusedForTheirReason() throws Exception {
    assertRefused(CA.serverAuthOnly("d"), Reason.NOT_FOR_CLIENTS);
    assertRefused(CA.twoCommonNames("d", "e"), Reason.SEVERAL_COMMON_NAMES);
    assertRefused(CA.withoutAlternativeName("d"), Reason.NO_IDENTITY_URI);
    assertRefused(CA.disagreeing("d", "e"), Reason.IDENTITY_URI_DISAGREES);
  }

  @Test
  void anAuthorityIsRefusedWhereADeviceIsExpected() {
    assertIdentity(CA.authority("d"), new Refused(Reason.CERTIFICATE_AUTHORITY));
  }

  @Test
  void theServersAuthorityIsNotTheDevices() throws Exception {
    var impostor = CA.fromServersCa("d");
    requireTrusted(impostor);
    assertThat(impostor.chain()).endsWith(CA.servers()).doesNotContain(CA.devices());
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev*", "+", "#", "a/b", "$"})
  void wildcardNamesAreRefused(String name) throws Exception {
    assertRefused(CA.withCommonName(name), Reason.COMMON_NAME_NOT_AN_ID);
  }

  @Test
  void identitiesShakeHandsOverJsse() throws Exception {
    // Real sockets look at the real clock, so this world has to begin now.
    var ca = TestCa.create(Instant.now());
    var factory = ca.server().sslContext().getServerSocketFactory();
    try (var server = (SSLServerSocket) factory.createServerSocket(0)) {
      server.setNeedClientAuth(true);
      assertThat(handshake(server, ca.device("d"))).isEqualTo("CN=d");
      assertThatThrownBy(() -> handshake(server, ca.selfSigned("d")))
          .isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void writesPemThatOthersRead(@TempDir Path directory) throws Exception {
    var files = CA.device("d").writePem(directory);
    assertThat(Pem.certificate(Files.readString(files.ca()))).isEqualTo(CA.root());
    assertThat(Pem.certificates(Files.readString(files.certificate())))
        .hasSize(2)
        .endsWith(CA.devices());
    assertThat(files.key()).content().startsWith("-----BEGIN PRIVATE KEY-----\n");
  }

  private static String handshake(SSLServerSocket server, TestIdentity client) throws Exception {
    var connecting =
        Thread.ofVirtual()
            .start(
                () -> {
                  var factory = client.sslContext().getSocketFactory();
                  try (var socket =
                      (SSLSocket) factory.createSocket("localhost", server.getLocalPort())) {
                    socket.startHandshake();
                    socket.getInputStream().read();
                  } catch (IOException e) {
                    // The server's side tells what happened.
                  }
                });
    try (var socket = (SSLSocket) server.accept()) {
      socket.startHandshake();
      return socket.getSession().getPeerPrincipal().getName();
    } finally {
      connecting.join();
    }
  }

  private static void assertRefused(TestIdentity bad, Reason reason) throws Exception {
    requireTrusted(bad);
    assertIdentity(bad, new Refused(reason));
  }

  private static void assertIdentity(TestIdentity identity, CertificateIdentity expected) {
    assertThat(CertificateIdentity.of(identity.certificate())).isEqualTo(expected);
  }

  private static void requireTrusted(TestIdentity identity) throws GeneralSecurityException {
    var parameters = new PKIXParameters(Set.of(new TrustAnchor(CA.root(), null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(NOW));
    var path = CertificateFactory.getInstance("X.509").generateCertPath(identity.chain());
    CertPathValidator.getInstance("PKIX").validate(path, parameters);
  }
}
