package io.sallyport.conformance.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.KeyPairs;
import io.sallyport.identity.issuance.LeafProfile;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.identity.lint.CertificateLint;
import io.sallyport.identity.lint.Finding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The lint beside openssl and gnutls: what they make wrong is found, what we make they take. */
class LintAndToolsTest {
  private static final String EC = "-newkey ec -pkeyopt ec_paramgen_curve:P-256";
  private static final String CONFIGURATION =
      """
      [req]
      distinguished_name = name
      prompt = no
      [name]
      CN = made-by-openssl
      """;

  private final Path folder;

  LintAndToolsTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    Files.writeString(folder.resolve("req.cnf"), CONFIGURATION);
  }

  @BeforeAll
  static void needsTheTools() {
    Tool.need(Tool.OPENSSL, Tool.CERTTOOL);
  }

  static Stream<Arguments> defects() {
    return Stream.of(
        defect("nist-800-131a-key-length", "-newkey rsa:1024"),
        defect("keys-weak", "-newkey rsa:2048 -pkeyopt rsa_keygen_pubexp:3"),
        defect("nist-800-131a-hash", EC + " -sha1"),
        defect("rfc5280-4.1.2.2-serial-positive", EC + " -set_serial 0"),
        defect("rfc5280-4.1.2.2-serial-positive", EC + " -set_serial -5"),
        defect("rfc5280-4.1.2.2-serial-length", EC + " -set_serial 0x01" + "ab".repeat(20)),
        defect("rfc5280-4.1.2.6-subject-empty", EC + " -subj /"),
        defect("rfc5280-4.2.1.3-key-cert-sign", EC + " -addext keyUsage=critical,keyCertSign"),
        defect("rfc5280-4.2.1.3-critical", EC + " -addext keyUsage=digitalSignature"),
        defect("rfc5280-4.2.1.9-critical", EC + " -addext basicConstraints=CA:TRUE"),
        defect(
            "rfc5280-4.2.1.3-ca-key-usage",
            EC + " -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,cRLSign"),
        defect(
            "rfc5280-4.2.1.9-path-length",
            EC + " -addext basicConstraints=critical,CA:FALSE,pathlen:1"),
        defect(
            "rfc5280-4.2.1.2-ca-key-identifier",
            EC + " -addext basicConstraints=critical,CA:TRUE -addext subjectKeyIdentifier=none"),
        defect("rfc5280-4.2.1.6-uri", EC + " -addext subjectAltName=URI:no-scheme"),
        defect("rfc5280-4.2.1.6-dns", EC + " -addext 'subjectAltName=DNS:two words'"),
        defect("rfc5280-4.2.1.6-critical", EC + " -addext subjectAltName=critical,DNS:a.b"),
        defect("rfc5280-4.2.1.6-ip", EC + " -addext subjectAltName=DER:3007870501020304" + "05"),
        defect("rfc5280-4.2-unknown-critical", EC + " -addext 1.2.3.4=critical,DER:0500"),
        defect("rfc5280-4.2.1.12-purposes", EC + " -addext extendedKeyUsage=DER:3000"),
        defect(
            "rfc5280-4.2.1.12-any-critical",
            EC + " -addext extendedKeyUsage=critical,anyExtendedKeyUsage"),
        defect("rfc5480-2.1.1-named-curve", EC + " -pkeyopt ec_param_enc:explicit"));
  }

  private static Arguments defect(String rule, String arguments) {
    return Arguments.of(rule, arguments);
  }

  @ParameterizedTest
  @MethodSource("defects")
  void findsWhatOpensslMakesWrong(String rule, String arguments) throws Exception {
    assertThat(rules(request(arguments))).contains(rule);
  }

  @Test
  void findsNothingWrongInWhatOpensslMakesRight() throws Exception {
    var right =
        request(
            EC
                + " -addext basicConstraints=critical,CA:TRUE"
                + " -addext keyUsage=critical,keyCertSign,cRLSign");

    assertThat(rules(right)).isEmpty();
  }

  /** An old certificate of version 1, signed by the right key and by the wrong one. */
  @Test
  void findsVersionOneAndASignatureByAnotherKey() throws Exception {
    request(EC + " -addext basicConstraints=critical,CA:TRUE");
    run("mv made.pem ca.pem; mv made.key ca.key");
    request(EC);
    run("mv made.pem other.pem; mv made.key other.key");
    run("openssl req -new -config req.cnf -subj /CN=leaf " + EC + " -nodes -out leaf.csr");
    var sign = "openssl x509 -req -in leaf.csr -days 30 -out leaf.pem -CAcreateserial -CA ";

    run(sign + "ca.pem -CAkey ca.key");
    assertThat(rules(List.of(der("leaf.pem"), der("ca.pem"))))
        .contains("rfc5280-4.1.2.1-version")
        .doesNotContain("rfc5280-6.1.3-signature");
    run(sign + "other.pem -CAkey other.key");
    assertThat(rules(List.of(der("leaf.pem"), der("ca.pem")))).contains("rfc5280-6.1.3-signature");
  }

  /** A certificate of every profile, with the chain that a verifier sees. */
  @Test
  void opensslAndGnutlsTakeWhatPassesTheLint() throws Exception {
    var now = Instant.now();
    var authorities = Authorities.create(Serials.random(), now);
    write("root.pem", authorities.root());
    for (var profile :
        List.of(
            new LeafProfile.Client(PrincipalKind.DEVICE, new PrincipalId("dev-1")),
            new LeafProfile.Client(PrincipalKind.OPERATOR, new PrincipalId("ann")),
            new LeafProfile.Server(List.of("gate.example"), List.of("192.0.2.1")))) {
      var issuer = authorities.issuerOf(profile);
      var leaf =
          issuer.sign(
              profile,
              KeyPairs.p256().getPublic(),
              Serials.random().next(),
              now,
              Duration.ofDays(365));
      write("leaf.pem", leaf);
      write("issuer.pem", issuer.certificate());

      assertThat(rules(List.of(der("leaf.pem"), der("issuer.pem"), der("root.pem")))).isEmpty();
      run("openssl verify -x509_strict -CAfile root.pem -untrusted issuer.pem leaf.pem");
      run("cat leaf.pem issuer.pem > chain.pem");
      assertThat(run("certtool --verify --load-ca-certificate root.pem --infile chain.pem"))
          .contains("Chain verification output: Verified.");
      assertThat(run("certtool -i --infile leaf.pem")).contains("Version: 3");
    }
  }

  private List<byte[]> request(String arguments) throws Exception {
    run(
        "openssl req -x509 -config req.cnf -days 30 -nodes -keyout made.key -out made.pem "
            + arguments);
    return List.of(der("made.pem"));
  }

  private String run(String line) {
    return Program.runLine(folder, line).expecting(0).said();
  }

  private static List<String> rules(List<byte[]> chain) {
    return CertificateLint.ofChain(chain).stream()
        .flatMap(List::stream)
        .map(Finding::rule)
        .distinct()
        .toList();
  }

  private void write(String file, X509Certificate certificate) throws Exception {
    Files.writeString(folder.resolve(file), Pem.of(certificate));
  }

  private byte[] der(String file) throws Exception {
    return Pem.decode(Files.readString(folder.resolve(file)), "CERTIFICATE");
  }
}
