package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.DeviceKeys;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands against control itself. */
class RealControlTest {
  private static final String POLICY =
      """
      {"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"iot:Connect","Resource":"*"}]}
      """;

  @TempDir private Path directory;
  private RealControl control;
  private Path out;

  @BeforeEach
  void start() throws IOException {
    control = new RealControl(directory.resolve("data"));
    out = directory.resolve("out");
  }

  @AfterEach
  void stop() {
    control.close();
  }

  @Test
  void aDeviceLivesFromEnrolmentToRevocation() {
    done("device", "enroll", "d-1", "--bundle", out.toString(), "--type", "pump");
    assertThat(done("device", "list").lines()).hasSize(2).last().asString().contains("active");
    assertThat(done("device", "show", "d-1")).contains("default-device").contains("pump");
    assertThat(done("device", "quarantine", "d-1")).contains("d-1").contains("ledger record");
    assertThat(done("device", "list", "--standing", "quarantined")).contains("d-1");
    assertThat(done("device", "reinstate", "d-1")).contains("active");
    assertThat(done("device", "revoke", "d-1", "--reason", "keyCompromise"))
        .contains("keyCompromise")
        .contains("total");
    assertThat(done("device", "show", "d-1")).contains("revoked").contains("keyCompromise");

    assertThat(refused("device", "revoke", "d-1")).contains("revoked");
    assertThat(refused("device", "reinstate", "d-1")).contains("d-1");
    assertThat(refused("device", "show", "nobody")).contains("nobody");
  }

  @Test
  void anIdThatExistsIsRefusedAndLeavesNothing() {
    done("device", "enroll", "d-1", "--bundle", out.toString());

    var again = directory.resolve("again");
    refused("device", "enroll", "d-1", "--bundle", again.toString());
    refused("backend", "enroll", "d-1", "--bundle", again.toString());
    refused("device", "enroll", "d-2", "--bundle", again.toString(), "--policy", "none");

    assertThat(directory.resolve("again")).doesNotExist();
    assertThat(directory.resolve(".again.pending")).doesNotExist();
  }

  @Test
  void anIdThatNoCertificateCanHoldIsRefusedBeforeAKeyIsMade() throws IOException {
    var id = "x".repeat(65);

    wrong("device", "enroll", id, "--bundle", out.toString());
    wrong("backend", "enroll", id, "--bundle", out.toString());
    var fleet = Files.writeString(directory.resolve("fleet.csv"), "id\n" + id + "\n");
    wrong("device", "enroll", "--from", fleet.toString(), "--out", out.toString());

    assertThat(out).doesNotExist();
  }

  @Test
  void whoReachesATopicIsAnsweredOfOneAndOfTheFleet() throws IOException {
    done("device", "enroll", "d-9", "--bundle", directory.resolve("d-9").toString());

    var one = done("policy", "reach", "--principal", "d-9", "--read", "devices/d-9/commands");
    assertThat(one).contains("yes").contains("devices/d-9/commands").contains("default-device v1");
    String[] others = {"policy", "reach", "--principal", "d-9", "--write", "devices/d-8/telemetry"};
    assertThat(Run.command(directory, control.words(others)).exitCode()).isEqualTo(1);
    assertThat(done("policy", "reach", "--topic", "devices/d-9/telemetry"))
        .containsPattern("write +d-9 +1 +yes")
        .contains("never");
    assertThat(done("policy", "reach", "--topic", "a", "--json")).contains("\"classes\"");
    refused("policy", "reach", "--principal", "nobody", "--read", "a");
  }

  @Test
  void invariantsAreProvedForTheFleet() throws IOException {
    var own =
        "{\"invariants\": [{\"name\": \"own\", \"who\": \"devices\", \"never\": \"%s\", \"topic\":"
            + " \"%s\"}]}";
    var holds =
        Files.writeString(directory.resolve("h.json"), own.formatted("write", "devices/{other}/#"));
    done("device", "enroll", "d-10", "--bundle", directory.resolve("d-10").toString());

    assertThat(done("policy", "invariant", holds.toString())).isEqualTo("holds   own\n");
    var broken =
        Files.writeString(
            directory.resolve("b.json"), own.formatted("write", "devices/+/telemetry"));
    var run = Run.command(directory, control.words("policy", "invariant", broken.toString()));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("BROKEN  own").contains("'devices/this-device/telemetry'");
  }

  @Test
  void aPutIsReviewedBeforeItTakesEffect() throws IOException {
    var file = Files.writeString(directory.resolve("r.json"), POLICY).toString();

    var first = Run.command(directory, control.words("policy", "put", "r", file, "--review"));
    assertThat(first.exitCode()).isEqualTo(1);
    assertThat(first.out()).contains("+ newly allowed: iot:Connect");
    refused("policy", "show", "r");
    assertThat(done("policy", "put", "r", file, "--review", "--yes")).contains("r is version 1");
    assertThat(done("policy", "put", "r", file, "--review")).contains("the same rights");
    assertThat(done("policy", "diff", "r", "r:1")).isEqualTo("the same rights\n");
  }

  @Test
  void policiesArePutAttachedAndShown() throws IOException {
    var file = Files.writeString(directory.resolve("p.json"), POLICY).toString();
    done("backend", "enroll", "store", "--bundle", out.toString());

    assertThat(done("policy", "put", "p", file)).isEqualTo("policy p is version 1\n");
    assertThat(done("policy", "put", "p", file)).isEqualTo("policy p is version 1\n");
    assertThat(done("policy", "attach", "p", "store")).contains(" p");
    assertThat(done("policy", "list")).contains("default-device").contains("default-backend");
    assertThat(done("policy", "show", "p")).contains("iot:Connect");
    assertThat(done("policy", "show", "p", "--json")).contains("attachments");
    assertThat(done("policy", "detach", "p", "store")).doesNotContain(" p");
    refused("policy", "show", "none");
    refused("policy", "attach", "p", "nobody");
  }

  @Test
  void aGroupGivesItsPoliciesAndSaysSo() throws IOException {
    var file = Files.writeString(directory.resolve("p.json"), POLICY).toString();
    done("policy", "put", "gp", file);
    done("device", "enroll", "g-1", "--bundle", out.toString());

    assertThat(done("group", "create", "lamps")).isEqualTo("group lamps is there\n");
    assertThat(done("group", "add", "lamps", "g-1"))
        .isEqualTo("added 1, group lamps has members: 1\n");
    assertThat(done("policy", "attach", "gp", "--group", "lamps"))
        .isEqualTo("group lamps has gp\n");
    assertThat(done("device", "show", "g-1"))
        .containsPattern("gp +1 +group lamps")
        .containsPattern("default-device +1 +attached");
    assertThat(done("group", "list")).contains("lamps");
    assertThat(done("group", "show", "lamps")).contains("gp").contains("g-1");
    assertThat(done("group", "show", "lamps", "--json")).contains("\"members\" : [ \"g-1\" ]");
    refused("group", "delete", "lamps");
    refused("group", "add", "lamps", "nobody");
    refused("policy", "attach", "gp", "--group", "none");
    wrong("policy", "attach", "gp");
    wrong("policy", "attach", "gp", "g-1", "--group", "lamps");
    wrong("group", "create", "a b");
    assertThat(done("policy", "detach", "gp", "--group", "lamps"))
        .isEqualTo("group lamps has no policy\n");
    assertThat(done("group", "remove", "lamps", "g-1", "--json")).contains("removed");
    done("group", "add", "lamps", "g-1");
    assertThat(done("group", "delete", "lamps", "--force"))
        .isEqualTo("group lamps is gone, it had members: 1\n");
    assertThat(done("device", "show", "g-1")).doesNotContain("lamps");
  }

  @Test
  void whatConditionsAskIsRecordedAndShown() {
    done("device", "enroll", "t-1", "--bundle", out.toString());
    assertThat(done("device", "show", "t-1"))
        .containsPattern("firmware +unknown")
        .containsPattern("attested +unknown");

    done("device", "tag", "t-1", "site=berlin", "query=a=b");
    assertThat(done("device", "tag", "t-1", "line=7", "--remove", "query"))
        .containsPattern("tags +line=7 site=berlin");
    assertThat(done("device", "state", "t-1", "--firmware", "1.4.2", "--attested", "no"))
        .containsPattern("firmware +1.4.2")
        .containsPattern("attested +no");
    done("device", "set", "t-1", "--type", "pump", "--attribute", "floor=2");
    assertThat(done("device", "set", "t-1", "--attribute", "room=1", "--remove", "floor"))
        .containsPattern("type +pump")
        .containsPattern("attributes +room=1");
    wrong("device", "tag", "t-1", "berlin");
    wrong("device", "tag", "t-1");
    wrong("device", "state", "t-1");
    wrong("device", "state", "t-1", "--firmware", "latest");
    wrong("device", "set", "t-1");
    refused("device", "tag", "nobody", "site=berlin");
  }

  @Test
  void aDecisionIsExplained() {
    done("device", "enroll", "d-1", "--bundle", out.toString());

    assertThat(done("policy", "explain", "--device", "d-1", "--publish", "devices/d-1/telemetry"))
        .startsWith("ALLOWED iot:Publish devices/d-1/telemetry: allowed by default-device v1")
        .contains("(SendItsData) line 13");
    var denied =
        Run.command(
            directory,
            control.words("policy", "explain", "--device", "d-1", "--publish", "devices/d-2/x"));
    assertThat(denied.exitCode()).isEqualTo(1);
    assertThat(denied.out())
        .startsWith("DENIED iot:Publish devices/d-2/x: no statement allows it")
        .contains("nearly Allow default-device v1 statement 1 (SendItsData) line 13")
        .contains("  Resource needs topic/devices/${iot:Connection.Thing.ThingName}")
        .contains("to allow it, add the statement {\"Effect\":\"Allow\"");
    assertThat(denied.err()).isEmpty();
    refused("policy", "explain", "--device", "nobody", "--connect", "x");
  }

  @Test
  void theLedgerIsReadAndVerified() {
    done("device", "enroll", "d-1", "--bundle", out.toString());

    assertThat(done("ledger", "tail", "-n", "5")).contains("d-1");
    assertThat(done("ledger", "tail", "--json").lines()).allMatch(line -> line.startsWith("{"));
    assertThat(done("ledger", "verify")).startsWith("unbroken");
    assertThat(done("status")).contains("version").contains("test");
  }

  @Test
  void anOperatorsEnrolmentIsFinishedAfterItsAnswerWasLost() throws IOException {
    var folder = directory.resolve("anna");
    var waiting = Files.createDirectory(directory.resolve(".anna.pending"));
    var name = new PrincipalId("anna");
    try (var keys = DeviceKeys.generate(PrincipalKind.OPERATOR, name)) {
      Files.write(waiting.resolve("operator.key"), keys.privateKeyPem());
      Files.setPosixFilePermissions(
          waiting.resolve("operator.key"), PosixFilePermissions.fromString("rw-------"));
      Files.writeString(waiting.resolve("request.csr"), keys.requestPem());
      control.certifyOperator(name, keys.requestPem());
    }

    done("operator", "enroll", "anna", "--role", "security", "--out", folder.toString());

    assertThat(waiting).doesNotExist();
    String[] list = {"operator", "list", "--operator-dir", folder.toString()};
    assertThat(Run.command(directory, list).out()).contains("anna");
  }

  @Test
  void anOperatorsRoleBindsTheOperator() {
    var folder = directory.resolve("anna");
    done("operator", "enroll", "anna", "--role", "viewer", "--out", folder.toString());
    assertThat(done("operator", "list")).contains("anna").contains("viewer");

    String[] list = {"device", "list", "--operator-dir", folder.toString()};
    String[] enroll = {
      "device", "enroll", "d", "--bundle", out.toString(), "--operator-dir", folder.toString()
    };
    assertThat(Run.command(directory, list).exitCode()).isZero();
    assertThat(Run.command(directory, enroll).exitCode()).isEqualTo(1);
    assertThat(out).doesNotExist();
    done("operator", "revoke", "anna");
    assertThat(Run.command(directory, list).exitCode()).isEqualTo(1);
  }

  @Test
  void aLostAnswerIsFoundAgainWithItsKey() throws IOException {
    var waiting = Files.createDirectories(directory.resolve(".out.pending"));
    var key = lost("d-1", waiting);

    done("device", "enroll", "d-1", "--bundle", out.toString());

    assertThat(Files.readString(out.resolve("device.key"))).isEqualTo(key);
    assertThat(Files.readString(out.resolve("README.txt"))).contains("-i d-1");
    assertThat(waiting).doesNotExist();
    assertThat(devices()).hasSize(1);
  }

  @Test
  void lostAnswersOfAFleetAreFoundAgainWithTheirKeys() throws IOException {
    var waiting = Files.createDirectories(out.resolve(".pending/d-1"));
    var key = lost("d-1", waiting);
    var file = Files.writeString(directory.resolve("f.csv"), "id\nd-1\nd-2\n").toString();

    assertThat(done("device", "enroll", "--from", file, "--out", out.toString()))
        .isEqualTo("2 enrolled, 0 already there, 0 refused\n");
    assertThat(Files.readString(out.resolve("d-1/device.key"))).isEqualTo(key);
    requireEachOnce(2);
  }

  /** The attack: kill -9 of the enrolling process, several times, at moments of chance. */
  @Test
  void nobodyIsLostAndNobodyEnrolledTwiceWhenTheProcessIsKilled() throws Exception {
    var count = 250;
    var text = new StringBuilder("id\n");
    IntStream.range(0, count).forEach(i -> text.append("d-").append(i).append('\n'));
    var file = Files.writeString(directory.resolve("f.csv"), text).toString();
    String[] words = control.words("device", "enroll", "--from", file, "--out", out.toString());
    var random = new SplittableRandom(7);
    for (var attempt = 0; attempt < 4; attempt++) {
      var child = child(words);
      if (!child.waitFor(600 + random.nextInt(900), TimeUnit.MILLISECONDS)) {
        child.destroyForcibly().waitFor();
      }
    }

    var run = Run.command(directory, words);

    assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
    requireEachOnce(count);
  }

  private static Process child(String... words) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Has a key certified as a run would that is killed before the answer; returns the key. */
  private String lost(String id, Path waiting) throws IOException {
    try (var keys = DeviceKeys.generate(PrincipalKind.DEVICE, new PrincipalId(id))) {
      Files.write(waiting.resolve("device.key"), keys.privateKeyPem());
      var csr = Files.writeString(waiting.resolve("request.csr"), keys.requestPem());
      done("device", "enroll", id, "--csr", csr.toString());
      return Files.readString(waiting.resolve("device.key"));
    }
  }

  /** Registry and folders hold the same devices, each with one certificate, the same in both. */
  private void requireEachOnce(int count) throws IOException {
    var devices = devices();
    assertThat(devices).hasSize(count);
    assertThat(names(out)).hasSize(count);
    for (var device : devices) {
      assertThat(device.get("certificates")).hasSize(1);
      var bundle = out.resolve(device.get("id").stringValue());
      assertThat(names(bundle))
          .containsExactly("README.txt", "ca.crt", "command-keys.json", "device.crt", "device.key");
      var serial = device.get("certificates").get(0).get("serial").stringValue();
      assertThat(serialOf(bundle)).isEqualTo(new BigInteger(serial, 16));
    }
  }

  private static BigInteger serialOf(Path bundle) throws IOException {
    try {
      return Pem.certificates(Files.readString(bundle.resolve("device.crt")))
          .getFirst()
          .getSerialNumber();
    } catch (MalformedPem e) {
      throw new AssertionError(e);
    }
  }

  private List<JsonNode> devices() {
    var json = JsonMapper.shared().readTree(done("device", "list", "--json"));
    return json.get("devices").valueStream().toList();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private String done(String... command) {
    var run = Run.command(directory, control.words(command));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  private String refused(String... command) {
    var run = Run.command(directory, control.words(command));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    assertThat(run.err().lines()).hasSize(1);
    return run.err();
  }

  private void wrong(String... words) {
    assertThat(Run.command(directory, control.words(words)).exitCode()).isEqualTo(2);
  }
}
