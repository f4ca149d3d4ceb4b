package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.issuance.KeyPairs;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code audit keys} against control itself, over a fleet that was enrolled before it was safe. */
class AuditKeysTest {
  private static final Random RANDOM = new Random(20081206);

  @TempDir private Path directory;
  private RealControl control;

  @BeforeEach
  void start() throws IOException {
    control = new RealControl(directory.resolve("data"));
  }

  @AfterEach
  void stop() {
    control.close();
  }

  @Test
  void aGoodFleetHasNoFindings() {
    enrol("device-001");
    enrol("device-002");

    var run = audit();

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("3 certificates, 0 with RSA keys").contains("nothing found");
  }

  @Test
  void namesBothDevicesWhoseKeysShareAFactorAndTellsNothingOfIt() throws Exception {
    var shared = prime();
    control.enrolUnseen("twin-1", rsa(shared.multiply(prime())));
    control.enrolUnseen("single", rsa(prime().multiply(prime())));
    control.enrolUnseen("twin-2", rsa(prime().multiply(shared)));

    var run = audit("--json");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(found(run, "keys-shared-factor"))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(principals(one)).containsExactlyInAnyOrder("twin-1", "twin-2");
              assertThat(one.get("detail").asString()).contains("1024 bits");
            });
    assertThat(run.out()).doesNotContain(shared.toString()).doesNotContain(shared.toString(16));
  }

  @Test
  void findsKeysThatTwoHaveAndModuliWithTwoExponents() throws Exception {
    var twice = KeyPairs.p256().getPublic();
    control.enrolUnseen("copy-1", twice);
    control.enrolUnseen("copy-2", twice);
    var modulus = prime().multiply(prime());
    control.enrolUnseen("exponent-1", rsa(modulus));
    control.enrolUnseen("exponent-2", rsa(modulus, 65_539));

    var run = audit("--json");

    assertThat(found(run, "keys-duplicate"))
        .singleElement()
        .satisfies(one -> assertThat(principals(one)).containsExactly("copy-1", "copy-2"));
    assertThat(found(run, "keys-shared-modulus"))
        .singleElement()
        .satisfies(
            one ->
                assertThat(principals(one)).containsExactlyInAnyOrder("exponent-1", "exponent-2"));
  }

  @Test
  void findsWeakKeysAndCertificatesThatNameSomebodyElse() throws Exception {
    var p = prime();
    control.enrolUnseen("close", rsa(p.multiply(p.nextProbablePrime().nextProbablePrime())));

    var run = audit("--json");

    assertThat(found(run, "keys-weak"))
        .singleElement()
        .satisfies(one -> assertThat(one.get("detail").asString()).contains("CVE-2022-26320"));
    // What stands in for the device's is a server's certificate.
    assertThat(found(run, "names-nobody")).hasSize(1);
  }

  @Test
  void findsNamesThatAreEasilyMistakenOrNotOfTheForm() {
    enrol("device-001");
    enrol("device-O01");
    enrol("rnotor");
    enrol("motor");
    enrol("device-002");

    var run = audit("--names", "device-[0-9]{3}");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .containsPattern("names-look-alike +warning +device-(001, device-O01|O01, device-001) ")
        .containsPattern("names-look-alike +warning +(motor, rnotor|rnotor, motor) ")
        .containsPattern("names-pattern +warning +motor ")
        .doesNotContain("device-002");
    assertThat(audit("--names", "(").exitCode()).isEqualTo(2);
  }

  private void enrol(String id) {
    var folder = directory.resolve("bundle-" + id).toString();
    var run = Run.command(directory, control.words("device", "enroll", id, "--bundle", folder));
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private Run audit(String... options) {
    var words = Stream.concat(Stream.of("audit", "keys"), Stream.of(options));
    return Run.command(directory, control.words(words.toArray(String[]::new)));
  }

  private static List<JsonNode> found(Run run, String rule) {
    return JsonMapper.shared()
        .readTree(run.out())
        .get("findings")
        .valueStream()
        .filter(one -> one.get("rule").asString().equals(rule))
        .toList();
  }

  private static List<String> principals(JsonNode finding) {
    return finding.get("principals").valueStream().map(JsonNode::asString).toList();
  }

  private static BigInteger prime() {
    // With its two top bits set, or some moduli would have a bit too few.
    return new BigInteger(1024, RANDOM).setBit(1023).setBit(1022).nextProbablePrime();
  }

  private static PublicKey rsa(BigInteger modulus) throws GeneralSecurityException {
    return rsa(modulus, 65_537);
  }

  private static PublicKey rsa(BigInteger modulus, int exponent) throws GeneralSecurityException {
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(modulus, BigInteger.valueOf(exponent)));
  }
}
