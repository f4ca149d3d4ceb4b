package io.sallyport.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.DeviceKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Bundles in every form: what is in them, who may read it, and what is left when it goes wrong. */
class BundleTest {
  private static final PublicKeyHash PIN = new PublicKeyHash("5a".repeat(32));
  private static final String HAND_OUT = "POST pins/hand-outs";

  @TempDir private Path directory;
  private Desk desk;
  private Path data;
  private Path out;

  @BeforeEach
  void start() throws Exception {
    desk = new Desk();
    data = desk.dataDirectory(directory.resolve("data"));
    out = directory.resolve("out");
    desk.says(HAND_OUT, 200, "{\"pins\":[{\"use\":\"server\",\"pin\":\"" + PIN.pin() + "\"}]}");
  }

  @AfterEach
  void stop() {
    desk.close();
  }

  @ParameterizedTest
  @CsvSource({
    "pem, device.key, README.txt ca.crt command-keys.json device.crt device.key",
    "c-header, sallyport_credentials.c, sallyport_credentials.c sallyport_credentials.h",
    "mbedtls, sallyport_credentials.c, mbedtls_config.h sallyport_client.c sallyport_client.h"
        + " sallyport_credentials.c sallyport_credentials.h sallyport_main.c",
    "esp-nvs, nvs-encrypted.bin nvs-keys.bin nvs-plain.bin, nvs-encrypted.bin nvs-keys.bin"
        + " nvs-plain.bin partitions.csv",
    "zephyr, sallyport_credentials.c, sallyport.conf sallyport_credentials.c"
        + " sallyport_credentials.h sallyport_zephyr.c",
    "aws-iot, private.pem.key, AmazonRootCA1.pem certificate.pem.crt"
        + " command-keys.json config.json private.pem.key",
    "agent, device.key, ca.crt command-keys.json config.json device.crt device.key pins.txt"
  })
  void hasItsFilesAndOnlyTheOwnerReadsWhatIsSecret(String format, String secret, String all)
      throws IOException {
    var run = enroll("d-1", format);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(names(out)).containsExactly(all.split(" "));
    assertThat(mode(out)).isEqualTo("rwx------");
    var secrets = List.of(secret.split(" "));
    for (var file : names(out)) {
      assertThat(mode(out.resolve(file)))
          .as(file)
          .isEqualTo(secrets.contains(file) ? "rw-------" : "rw-r--r--");
    }
    assertThat(names(directory)).containsExactly("data", "out");
  }

  @Test
  void theConstantsAreThoseOfTheDevice() throws IOException {
    enroll("d-1", "c-header");

    assertThat(Files.readString(out.resolve("sallyport_credentials.h")))
        .contains("#define SALLYPORT_ID \"d-1\"")
        .contains("#define SALLYPORT_HOST \"gate.example\"")
        .contains("#define SALLYPORT_PORT 8883")
        .contains("#define SALLYPORT_PIN_COUNT 1");
    var source = Files.readString(out.resolve("sallyport_credentials.c"));
    assertThat(bytes(source, "sallyport_pins")).isEqualTo(HexFormat.of().parseHex(PIN.hex()));
    var key = bytes(source, "sallyport_key_pem[");
    assertThat(new String(key, US_ASCII))
        .startsWith("-----BEGIN PRIVATE KEY-----\n")
        .endsWith("-----END PRIVATE KEY-----\n\0");
  }

  @Test
  void theConstantsNameWhoMayCommandTheDevice() throws IOException {
    enroll("d-1", "c-header");

    assertThat(Files.readString(out.resolve("sallyport_credentials.h")))
        .contains("#define SALLYPORT_TENANT \"sallyport\"")
        .contains("#define SALLYPORT_COMMAND_KEY_COUNT 2")
        .contains("#define SALLYPORT_COMMAND_COUNT 2");
    var source = Files.readString(out.resolve("sallyport_credentials.c"));
    var ids = new StringBuilder();
    // The active key comes before the next; the retired one is no device's any more.
    for (var at : new int[] {1, 0}) {
      ids.append(desk.commandKeys().at("/keys/" + at + "/id").asString());
    }
    assertThat(bytes(source, "sallyport_command_key_ids")).asHexString().isEqualToIgnoringCase(ids);
    assertThat(bytes(source, "sallyport_command_key_points")).hasSize(130).startsWith(4);
    assertThat(source).contains("  \"ping\",\n  \"report\",\n  0\n");
  }

  @Test
  void aTenantIsNoCode() throws IOException {
    desk.commandKeys().put("tenant", "a\"; int x = 0; /*?>\\ \u00e4");
    enroll("d-1", "c-header");
    assertThat(Files.readString(out.resolve("sallyport_credentials.h")))
        .contains(
            "SALLYPORT_TENANT \"a\\042\\073 int x \\075 0"
                + "\\073 \\057\\052\\077\\076\\134 \\303\\244\"\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pem", "agent", "aws-iot"})
  void theFileNamesWhoMayCommandTheDeviceAndWhat(String format) throws IOException {
    var run = enroll("d-1", format, "--allow", "reboot,ping");
    assertThat(run.exitCode()).as(run.err()).isZero();
    var file = JsonMapper.shared().readTree(Files.readString(out.resolve("command-keys.json")));
    assertThat(file.path("tenant").asString()).isEqualTo("sallyport");
    assertThat(file.path("signers").valueStream().map(one -> one.path("generation").asInt()))
        .containsExactly(2, 3);
    assertThat(file.at("/signers/0/id")).isEqualTo(desk.commandKeys().at("/keys/1/id"));
    assertThat(file.at("/signers/1/commands").valueStream().map(JsonNode::asString))
        .containsExactly("reboot", "ping");
  }

  @Test
  void nobodyCommandsADeviceThatAllowsNothing() throws IOException {
    enroll("d-1", "c-header", "--allow", "none");
    assertThat(Files.readString(out.resolve("sallyport_credentials.h")))
        .contains("#define SALLYPORT_COMMAND_COUNT 0");
  }

  @ParameterizedTest
  @CsvSource({"flash-firmware, is never a command", "'ping,', 1 to 64", "'ping,/bin/sh', 1 to 64"})
  void aCommandThatCannotBeIsRefusedBeforeAnythingIsSent(String names, String why) {
    var run = enroll("d-1", "agent", "--allow", names);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(why);
    assertThat(desk.calls()).isEmpty();
  }

  @Test
  void aServerThatNamesNoGoodKeyLeavesTheDevicesKeyWaiting() throws IOException {
    var first = (ObjectNode) desk.commandKeys().at("/keys/0");
    var id = first.path("id").asString();
    first.put("id", "00".repeat(32));
    var run = enroll("d-1", "agent");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("malformed command key").contains("run the same command again");
    assertThat(out).doesNotExist();

    first.put("id", id);
    assertThat(enroll("d-1", "agent").exitCode()).isZero();
    assertThat(out.resolve("command-keys.json")).exists();
  }

  @Test
  void theServerHeedsWhatFirmwareChecksAndNothingElse() {
    enroll("d-1", "c-header");
    assertThat(desk.calls()).contains(HAND_OUT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pem", "aws-iot"})
  void aFormatThatChecksNoPinsBindsTheServerOnlyIfItIsSaid(String format) {
    enroll("d-1", format);
    assertThat(desk.calls()).doesNotContain(HAND_OUT);

    out = directory.resolve("pinned");
    command("device", "enroll", "d-2", "--bundle", out.toString(), "--format", format, "--pin");

    assertThat(desk.calls()).contains(HAND_OUT);
    assertThat(out.resolve("pins.txt")).content().contains("server " + PIN.pin());
  }

  @Test
  void anUnknownFormatIsRefusedBeforeAnythingIsSent() {
    var run = enroll("d-1", "esp32");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("'esp32' is no format").contains("esp-nvs");
    assertThat(desk.calls()).isEmpty();
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0x2000", "0x3001", "0x200000", "many"})
  void aPartitionThatNoChipHasIsRefusedBeforeAnythingIsSent(String size) {
    var run =
        command(
            "device",
            "enroll",
            "d-1",
            "--bundle",
            out + "",
            "--format",
            "esp-nvs",
            "--nvs-size",
            size);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--nvs-size");
    assertThat(desk.calls()).isEmpty();
  }

  /** The server must know of the pins first; the certificate that is there is not lost by that. */
  @Test
  void whereThePinsCannotBeHandedOutTheKeyWaitsForTheNextRun() throws IOException {
    desk.refuses(HAND_OUT, 422, "no pins");
    var failed = enroll("d-1", "c-header");
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(out).doesNotExist();
    assertThat(mode(directory.resolve(".out.pending"))).isEqualTo("rwx------");

    desk.says(HAND_OUT, 200, "{\"pins\":[{\"use\":\"server\",\"pin\":\"" + PIN.pin() + "\"}]}");
    var run = enroll("d-1", "c-header");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(names(directory)).containsExactly("data", "out");
  }

  @Test
  void aServerThatNamesNoKeyGetsNoPinnedBundle() {
    desk.says(HAND_OUT, 200, "{\"pins\":[]}");

    var run = enroll("d-1", "mbedtls");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("names no key");
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"}, evil[] = {\"", "AAAA", ""})
  void aPinThatIsNoneReachesNoSource(String pin) {
    desk.says(
        HAND_OUT,
        200,
        "{\"pins\":[{\"use\":\"server\",\"pin\":\"" + pin.replace("\"", "\\\"") + "\"}]}");

    var run = enroll("d-1", "mbedtls");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(out).doesNotExist();
  }

  @Test
  void anEnrolledDeviceGetsAnotherFormWithTheKeyThatSomebodyBrings() throws IOException {
    enroll("d-1", "pem");
    var again = directory.resolve("again");

    var run = bundle("d-1", "--key", out.resolve("device.key") + "", "--out", again + "");

    assertThat(run.exitCode()).as(run.err()).isZero();
    var source = Files.readString(again.resolve("sallyport_credentials.c"));
    assertThat(new String(bytes(source, "sallyport_key_pem["), US_ASCII))
        .isEqualTo(Files.readString(out.resolve("device.key")) + "\0");
    assertThat(mode(again.resolve("sallyport_credentials.c"))).isEqualTo("rw-------");
  }

  @Test
  void withoutTheKeyEverythingElseIsWrittenAndThatIsSaid() throws IOException {
    enroll("d-1", "pem");
    var again = directory.resolve("again");

    var run = bundle("d-1", "--out", again + "");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("without its private key, which stays where it was made");
    assertThat(Files.readString(again.resolve("sallyport_credentials.c")))
        .doesNotContain("sallyport_key_pem");
    assertThat(Files.readString(again.resolve("sallyport_credentials.h")))
        .contains("The private key is not here");
  }

  @Test
  void theKeyOfAnotherDeviceIsRefusedAndNothingIsLeft() throws IOException {
    enroll("d-1", "pem");
    var other = directory.resolve("other.key");
    try (var keys = DeviceKeys.generate(PrincipalKind.DEVICE, new PrincipalId("d-1"))) {
      Files.write(other, keys.privateKeyPem());
    }
    var again = directory.resolve("deep/again");

    var run = bundle("d-1", "--key", other + "", "--out", again + "");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("is not that of an active certificate of d-1");
    assertThat(desk.calls()).doesNotContain(HAND_OUT);
    assertThat(directory.resolve("deep")).doesNotExist();
  }

  @Test
  void aFileThatIsNoKeyIsRefusedWithoutItsContent() throws IOException {
    enroll("d-1", "pem");
    var key =
        Files.writeString(
            directory.resolve("broken.key"),
            "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");

    var run = bundle("d-1", "--key", key + "", "--out", directory.resolve("again") + "");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("PKCS#8").doesNotContain("c2VjcmV0");
  }

  @Test
  void aFolderWithSomethingInItIsNeverTouched() throws IOException {
    enroll("d-1", "pem");

    var run = bundle("d-1", "--out", out + "");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(names(out)).contains("device.key").doesNotContain("sallyport_credentials.c");
  }

  @Test
  void aDeviceThatIsNotEnrolledIsRefused() {
    var run = bundle("nobody", "--out", out + "");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("nobody is not enrolled");
    assertThat(out).doesNotExist();
  }

  @Test
  void aWholeFileGetsTheFormAndTheServerIsToldOnceOfHowMany() throws IOException {
    var list = Files.writeString(directory.resolve("fleet.csv"), "id\nd-1\nd-2\nd-3\n");

    var run = fleet(list);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(desk.calls().stream().filter(HAND_OUT::equals)).hasSize(1);
    for (var id : List.of("d-1", "d-2", "d-3")) {
      assertThat(names(out.resolve(id)))
          .containsExactly("sallyport_credentials.c", "sallyport_credentials.h");
    }
  }

  /** A crash between the renaming and the tidying leaves the key a second time. */
  @Test
  void aKeyThatACrashLeftInAFinishedBundleIsRemovedByTheNextRun() throws IOException {
    var list = Files.writeString(directory.resolve("fleet.csv"), "id\nd-1\n");
    fleet(list);
    Files.writeString(out.resolve("d-1/device.key"), "left by a crash");
    Files.writeString(out.resolve("d-1/request.csr"), "left by a crash");

    var run = fleet(list);

    assertThat(run.out()).isEqualTo("0 enrolled, 1 already there, 0 refused\n");
    assertThat(names(out.resolve("d-1")))
        .containsExactly("sallyport_credentials.c", "sallyport_credentials.h");
  }

  @Test
  void aFormatNeedsABundle() {
    var run = command("device", "enroll", "d-1", "--csr", "-", "--format", "mbedtls");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--format and --pin go with --bundle or --from");
  }

  private Run enroll(String id, String format, String... more) {
    var words = new ArrayList<>(List.of("device", "enroll", id, "--bundle", out.toString()));
    words.addAll(List.of("--format", format));
    words.addAll(List.of(more));
    return command(words.toArray(String[]::new));
  }

  private Run fleet(Path list) {
    return command(
        "device", "enroll", "--from", list + "", "--out", out + "", "--format", "c-header");
  }

  private Run bundle(String id, String... more) {
    var words = new ArrayList<>(List.of("device", "bundle", id, "--format", "c-header"));
    words.addAll(List.of(more));
    return command(words.toArray(String[]::new));
  }

  private Run command(String... words) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--data", data.toString()));
    return Run.command(directory, all.toArray(String[]::new));
  }

  /** The bytes of a constant, as C would have them. */
  private static byte[] bytes(String source, String constant) {
    var from = source.indexOf(constant);
    var body = source.substring(source.indexOf("= {", from), source.indexOf("};", from));
    var hex = new StringBuilder();
    Pattern.compile("0x([0-9a-f]{2})")
        .matcher(body)
        .results()
        .forEach(one -> hex.append(one.group(1)));
    return HexFormat.of().parseHex(hex);
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
