package io.sallyport.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.DeviceKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Enrolling one: what is written, with which modes, and what is not when it is refused. */
class EnrollTest {
  @TempDir private Path directory;
  private Desk desk;
  private Path data;
  private Path out;

  @BeforeEach
  void start() throws Exception {
    desk = new Desk();
    data = desk.dataDirectory(directory.resolve("data"));
    out = Files.createDirectory(directory.resolve("out"));
  }

  @AfterEach
  void stop() {
    desk.close();
  }

  @Test
  void aBundleHasCertificatesKeyAndReadme() throws Exception {
    var bundle = out.resolve("device-1");

    var run = command("device", "enroll", "device-1", "--bundle", bundle.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(names(bundle))
        .containsExactlyInAnyOrder(
            "ca.crt", "command-keys.json", "device.crt", "device.key", "README.txt");
    var chain = Pem.certificates(Files.readString(bundle.resolve("device.crt")));
    assertThat(chain).hasSize(2);
    assertThat(chain.getFirst()).isEqualTo(desk.issued("device-1"));
    chain.getFirst().verify(chain.getLast().getPublicKey());
    assertThat(Pem.certificate(Files.readString(bundle.resolve("ca.crt")))).isEqualTo(desk.root());
    assertThat(names(out)).containsExactly("device-1");
  }

  @Test
  void theKeyOfABundleIsTheCertificatesAndTheOwnersAlone() throws Exception {
    var bundle = out.resolve("device-1");
    command("device", "enroll", "device-1", "--bundle", bundle.toString());

    assertThat(mode(bundle)).isEqualTo("rwx------");
    assertThat(mode(bundle.resolve("device.key"))).isEqualTo("rw-------");
    var der = Pem.decode(Files.readString(bundle.resolve("device.key")), "PRIVATE KEY");
    var signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)));
    var signature = signer.sign();
    var verifier = Signature.getInstance("SHA256withECDSA");
    verifier.initVerify(desk.issued("device-1").getPublicKey());
    assertThat(verifier.verify(signature)).isTrue();
  }

  @Test
  void theReadmesLinesAreForThisDevice() throws Exception {
    var bundle = out.resolve("device-1");
    command("device", "enroll", "device-1", "--bundle", bundle.toString());

    assertThat(Files.readString(bundle.resolve("README.txt")))
        .contains(
            "mosquitto_pub -h gate.example -p 8883 --cafile ca.crt --cert device.crt"
                + " --key device.key -i device-1 -t devices/device-1/telemetry")
        .contains("-V mqttv5")
        .contains("mosquitto_sub -h gate.example")
        .contains("openssl s_client -connect gate.example:8883 -CAfile ca.crt");
  }

  @Test
  void wishesGoToTheServer() throws Exception {
    command(
        "device",
        "enroll",
        "device-1",
        "--bundle",
        out.resolve("x").toString(),
        "--policy",
        "a,b",
        "--type",
        "pump",
        "--attribute",
        "plant=7",
        "--days",
        "30");

    var request = desk.request("device-1");
    assertThat(request.get("policies").toString()).isEqualTo("[\"a\",\"b\"]");
    assertThat(request.get("thingType").stringValue()).isEqualTo("pump");
    assertThat(request.get("attributes").toString()).isEqualTo("{\"plant\":\"7\"}");
    assertThat(request.get("validityDays").intValue()).isEqualTo(30);
    assertThat(request.toString()).doesNotContain("PRIVATE KEY");
  }

  @Test
  void aRefusalLeavesNothing() throws Exception {
    desk.refuses("POST devices", 409, "a device has the id 'device-1' already");
    var bundle = out.resolve("deep/below/device-1");

    var run = command("device", "enroll", "device-1", "--bundle", bundle.toString());

    assertThat(run)
        .isEqualTo(new Run(1, "", "sallyport: a device has the id 'device-1' already\n"));
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void whereNoServerAnswersNothingIsLeft() throws Exception {
    desk.close();
    var bundle = out.resolve("device-1");
    var run =
        command(
            "device",
            "enroll",
            "device-1",
            "--bundle",
            bundle.toString(),
            "--server",
            desk.address().toString());

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void whenTheAnswerIsLostTheSameKeyIsSentAgain() throws Exception {
    desk.loses("POST devices", true);
    var bundle = out.resolve("device-1");
    String[] words = {"device", "enroll", "device-1", "--bundle", bundle.toString()};

    var lost = command(words);

    assertThat(lost.exitCode()).isEqualTo(3);
    assertThat(lost.err()).contains("run the same command again");
    assertThat(bundle).doesNotExist();
    var key = Files.readString(out.resolve(".device-1.pending/device.key"));

    desk.loses("POST devices", false);
    assertThat(command(words).exitCode()).isZero();
    assertThat(Files.readString(bundle.resolve("device.key"))).isEqualTo(key);
    assertThat(names(out)).containsExactly("device-1");
  }

  @Test
  void anAnswerForAnotherKeyIsNotBelieved() throws Exception {
    command("device", "enroll", "device-2", "--bundle", out.resolve("2").toString());
    desk.says("POST devices", 201, desk.lastAnswer());

    var run = command("device", "enroll", "device-1", "--bundle", out.resolve("1").toString());

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("certificate of another key");
    assertThat(out.resolve("1")).doesNotExist();
  }

  @Test
  void aFolderThatHoldsSomethingIsNotTouched() throws Exception {
    Files.writeString(out.resolve("notes"), "mine");

    var run = command("device", "enroll", "device-1", "--bundle", out.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(names(out)).containsExactly("notes");
    assertThat(desk.issued()).isEmpty();
  }

  @Test
  void anEmptyFolderMayBeFilled() {
    assertThat(command("device", "enroll", "device-1", "--bundle", out.toString()).exitCode())
        .isZero();
    assertThat(out.resolve("device.key")).exists();
  }

  @Test
  void aRequestIsSignedToTheStandardOutput() throws Exception {
    var csr = request("device-1");

    var run = command("device", "enroll", "device-1", "--csr", csr.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Pem.certificates(run.out())).hasSize(2);
  }

  @Test
  void aRequestIsReadFromTheStandardInput() throws Exception {
    var csr = Files.readString(request("device-1"));

    var run =
        Run.script(directory)
            .input(csr)
            .command("device", "enroll", "device-1", "--csr", "-", "--data", data.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  @Test
  void aSignedRequestsFilesGoIntoAFolderAndReplaceNothing() throws Exception {
    var csr = request("device-1");
    String[] words = {
      "device", "enroll", "device-1", "--csr", csr.toString(), "--out", out.toString()
    };

    assertThat(command(words).exitCode()).isZero();
    assertThat(names(out)).containsExactlyInAnyOrder("ca.crt", "device.crt");
    assertThat(command(words).exitCode()).isEqualTo(2);
  }

  @Test
  void aRequestOfAnotherNameIsRefusedHere() throws Exception {
    var csr = request("device-2");

    var run = command("device", "enroll", "device-1", "--csr", csr.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(desk.calls()).isEmpty();
  }

  @Test
  void aFileThatIsNoRequestIsTwo() throws Exception {
    var csr = Files.writeString(directory.resolve("x.csr"), "hello");

    var run = command("device", "enroll", "device-1", "--csr", csr.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(desk.calls()).isEmpty();
  }

  @Test
  void aBackendHasFilesOfItsOwnKind() throws Exception {
    var bundle = out.resolve("store");

    assertThat(command("backend", "enroll", "store", "--bundle", bundle.toString()).exitCode())
        .isZero();
    assertThat(names(bundle))
        .containsExactlyInAnyOrder("ca.crt", "backend.crt", "backend.key", "README.txt");
  }

  @Test
  void anOperatorsFolderServesAsOperatorDirectory() throws Exception {
    var folder = out.resolve("anna");
    desk.says("GET status", 200, "{\"version\":\"1\"}");

    var run = command("operator", "enroll", "anna", "--role", "viewer", "--out", folder.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(mode(folder.resolve("operator.key"))).isEqualTo("rw-------");
    assertThat(Run.command(directory, "status", "--operator-dir", folder.toString()).exitCode())
        .isZero();
  }

  @Test
  void whenTheAnswerIsLostTheOperatorsSameKeyIsFinished() throws Exception {
    desk.loses("POST operators", true);
    var folder = out.resolve("anna");
    String[] words = {"operator", "enroll", "anna", "--role", "viewer", "--out", folder.toString()};

    var lost = command(words);

    assertThat(lost.exitCode()).isEqualTo(3);
    assertThat(lost.err()).contains("run the same command again");
    assertThat(folder).doesNotExist();
    var key = Files.readString(out.resolve(".anna.pending/operator.key"));
    var certified = desk.issued("anna");

    desk.loses("POST operators", false);
    var again = command(words);
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).contains("anna", "viewer");
    assertThat(names(out)).containsExactly("anna");
    assertThat(names(folder))
        .containsExactlyInAnyOrder("ca.crt", "operator.crt", "operator.key", "endpoint.json");
    assertThat(Files.readString(folder.resolve("operator.key"))).isEqualTo(key);
    var chain = Pem.certificates(Files.readString(folder.resolve("operator.crt")));
    assertThat(chain.getFirst()).isEqualTo(certified);
    chain.getFirst().verify(chain.getLast().getPublicKey());
    desk.says("GET status", 200, "{\"version\":\"1\"}");
    assertThat(Run.command(directory, "status", "--operator-dir", folder.toString()).exitCode())
        .isZero();
  }

  @Test
  void aFinishedEnrolmentIsOfTheRoleThatWasAskedFor() throws Exception {
    desk.loses("POST operators", true);
    var folder = out.resolve("anna").toString();
    command("operator", "enroll", "anna", "--role", "security", "--out", folder);
    desk.loses("POST operators", false);

    var other = command("operator", "enroll", "anna", "--role", "viewer", "--out", folder);

    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.err()).contains("--role security").doesNotContain("run the same command");
    assertThat(out.resolve(".anna.pending/operator.key")).exists();
    assertThat(command("operator", "enroll", "anna", "--role", "security", "--out", folder))
        .extracting(Run::exitCode)
        .isEqualTo(0);
  }

  @Test
  void theAnswerIsPrintedAsJson() {
    var run =
        command("device", "enroll", "device-1", "--bundle", out.resolve("1").toString(), "--json");

    assertThat(run.out()).startsWith("{").contains("\"serial\"");
  }

  private Path request(String id) throws IOException {
    try (var keys = DeviceKeys.generate(PrincipalKind.DEVICE, new PrincipalId(id))) {
      return Files.write(directory.resolve(id + ".csr"), keys.requestPem().getBytes(US_ASCII));
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private Run command(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", data.toString()));
    return Run.command(directory, all.toArray(String[]::new));
  }
}
