package io.sallyport.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PublicKeyHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.HashSet;
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

/** A factory line against the real server, interrupted and lied to in every way. */
class FactoryTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path directory;
  private RealControl control;
  private Path out;

  @BeforeEach
  void start() throws Exception {
    control = new RealControl(directory.resolve("data"));
    out = directory.resolve("b7");
  }

  @AfterEach
  void stop() {
    control.close();
  }

  @Test
  void makesEveryDeviceOnceAndSignsForThem() throws Exception {
    var run = factory("--count", "230", "--type", "pump");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo("230 made, 0 already there, 0 refused\n");
    requireWhole(230);
    assertThat(mode(out)).isEqualTo("rwx------");
    assertThat(mode(out.resolve("B7-000230"))).isEqualTo("rwx------");
    assertThat(mode(out.resolve("B7-000230/device.key"))).isEqualTo("rw-------");
    assertThat(shown("B7-000230").get("thingType").stringValue()).isEqualTo("pump");
    assertThat(command("factory", "verify", out.toString()).out())
        .isEqualTo("batch B7: all 230 devices are there, signed for by operator admin\n");
    assertThat(factory("--count", "230", "--type", "pump").out())
        .isEqualTo("0 made, 230 already there, 0 refused\n");
  }

  @Test
  void namesDevicesAsItIsTold() throws Exception {
    assertThat(
            factory("--count", "2", "--prefix", "lamp:", "--first", "99", "--width", "3")
                .exitCode())
        .isZero();
    assertThat(names()).containsExactly("lamp:099", "lamp:100");

    var list = Files.writeString(directory.resolve("ids.csv"), "id,type\nx-1,a\nx-2,b\n");
    var other = directory.resolve("other");
    var run =
        command("factory", "--batch", "L", "--ids", list.toString(), "--out", other.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(shown("x-2").get("thingType").stringValue()).isEqualTo("b");
  }

  @Test
  void refusesWhatIsAskedWrongBeforeAnythingHappens() {
    assertThat(factory("--count", "0").exitCode()).isEqualTo(2);
    assertThat(factory("--count", "100001").exitCode()).isEqualTo(2);
    assertThat(factory().exitCode()).isEqualTo(2);
    assertThat(factory("--count", "10", "--width", "1").err()).contains("more than --width digits");
    assertThat(factory("--count", "1", "--jobs", "65").exitCode()).isEqualTo(2);
    assertThat(command("factory", "--count", "1").exitCode()).isEqualTo(2);
    assertThat(out).doesNotExist();
  }

  /** Killed at many moments, as hard as a process can be; each time it goes on. */
  @Test
  void killedAtAnyMomentItEndsWithEachDeviceOnce() throws Exception {
    int devices = 1_500;
    var random = new SplittableRandom(7);
    int kills = 0;
    int survived = 0;
    while (kills < 24) {
      var process = start(devices);
      // The first moments are those of starting; the whole takes some seconds.
      var ended = process.waitFor(400 + random.nextInt(1_400), TimeUnit.MILLISECONDS);
      if (ended) {
        survived++;
        break;
      }
      process.destroyForcibly().waitFor();
      kills++;
      requireNoHalfOutput();
    }
    var last = factory("--count", "" + devices);

    assertThat(last.exitCode()).as(last.err()).isZero();
    assertThat(kills).as("survived " + survived).isPositive();
    requireWhole(devices);
  }

  @Test
  void anotherPlanIsNotMixedWithTheOneThatWasBegun() throws Exception {
    var process = start(2_000);
    while (!Files.exists(out.resolve(".factory/plan.json"))) {
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(10);
    }
    process.destroyForcibly().waitFor();

    var other = factory("--count", "2000", "--format", "esp-nvs");

    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("its format is pem, not esp-nvs");
    assertThat(factory("--count", "1999").err()).contains("is for 2000 devices, not 1999");
  }

  @Test
  void whoIsSomebodyElsesIsRefusedAndTheOthersAreKept() throws Exception {
    var bundle = directory.resolve("one").toString();
    assertThat(command("device", "enroll", "B7-000002", "--bundle", bundle).exitCode()).isZero();

    var run = factory("--count", "3");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("B7-000002: ").contains("2 made, 0 already there, 1 refused");
    assertThat(names()).containsExactly("B7-000001", "B7-000003");
    assertThat(out.resolve("manifest.json")).doesNotExist();
  }

  /** A claim for the same batch makes room of its own and keeps no line from its end. */
  @Test
  void aRunGoesOnAlthoughAClaimWidenedItsBatch() throws Exception {
    var bundle = directory.resolve("one").toString();
    assertThat(command("device", "enroll", "B7-000002", "--bundle", bundle).exitCode()).isZero();
    assertThat(factory("--count", "3").exitCode()).isEqualTo(1);
    var claim = directory.resolve("claim").toString();
    var made =
        command(
            "claim", "create", "line", "--batch", "B7", "--count", "5", "--ids", "c-*", "--out",
            claim);
    assertThat(made.exitCode()).as(made.err()).isZero();
    assertThat(json("batch", "show", "B7", "--json").at("/batch/wanted").asInt()).isEqualTo(8);

    var again = factory("--count", "3");

    assertThat(again.exitCode()).as(again.err()).isEqualTo(1);
    assertThat(again.out()).contains("0 made, 2 already there, 1 refused");
    assertThat(factory("--count", "8").err()).contains("its count is 3, not 8");
  }

  @Test
  void aKilledBatchIsNotGoneOnWithAndItsDevicesAreRevoked() throws Exception {
    assertThat(factory("--count", "120").exitCode()).isZero();

    var killed = command("batch", "kill", "B7");

    assertThat(killed.exitCode()).as(killed.err()).isZero();
    assertThat(killed.out()).isEqualTo("batch B7 is killed: all of its 120 devices are revoked\n");
    assertThat(shown("B7-000120").get("standing").stringValue()).isEqualTo("revoked");
    assertThat(command("batch", "list").out()).contains("killed");
    assertThat(command("batch", "show", "B7").out()).contains("120 of 120").contains("revoked");
    assertThat(command("batch", "kill", "B7").exitCode()).isZero();
    var again = directory.resolve("again");
    var run =
        command(
            "factory",
            "--batch",
            "B7",
            "--count",
            "120",
            "--prefix",
            "x",
            "--out",
            again.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("was killed");
    assertThat(command("batch", "kill", "none").exitCode()).isEqualTo(1);
  }

  @Test
  void tellsWhateverIsMissingChangedOrSlippedIn() throws Exception {
    assertThat(factory("--count", "4").exitCode()).isZero();
    Files.delete(out.resolve("B7-000001/device.key"));
    Files.writeString(out.resolve("B7-000002/device.crt"), "forged");
    Files.createDirectory(out.resolve("B7-000009"));
    Files.writeString(out.resolve("B7-000009/device.crt"), "of a pirate");

    var run = command("factory", "verify", out.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out().lines())
        .containsExactlyInAnyOrder(
            "B7-000001/device.key is missing",
            "B7-000002/device.crt is another than the one that was signed for",
            "B7-000009/device.crt is not in the manifest");
  }

  @Test
  void aManifestThatNoOperatorSignedIsWorthNothing() throws Exception {
    assertThat(factory("--count", "1").exitCode()).isZero();
    var manifest = out.resolve("manifest.json");
    var signature = out.resolve("manifest.json.p7s");
    var text = Files.readString(manifest);
    var signed = Files.readAllBytes(signature);

    Files.writeString(manifest, text.replace("B7", "B8"));
    assertThat(verify().out()).contains("no signature over this document");
    Files.writeString(manifest, text);
    Files.write(signature, sign(text, out.resolve("B7-000001/device")));
    assertThat(verify().out()).contains("the signer is not an operator");
    Files.write(signature, new byte[] {1, 2, 3});
    assertThat(verify().exitCode()).isEqualTo(1);
    Files.delete(signature);
    assertThat(verify().out()).contains("manifest.json.p7s is missing");
    Files.write(signature, signed);
    assertThat(verify().exitCode()).isZero();
    assertThat(verify("--at", "2001-01-01T00:00:00Z").out()).contains("does not lead to the root");
    try (var _ = new RealControl(directory.resolve("other"))) {
      var root = directory.resolve("other/operator/ca.crt").toString();
      assertThat(verify("--ca", root).out()).contains("does not lead to the root");
    }
  }

  /** A device could sign whatever it likes with its own key. */
  private static byte[] sign(String text, Path device) throws Exception {
    var chain = Pem.certificates(Files.readString(Path.of(device + ".crt")));
    return io.sallyport.identity.cms.DetachedSignature.sign(
        text.getBytes(US_ASCII), key(Path.of(device + ".key")), chain);
  }

  private Run verify(String... more) {
    var words = new ArrayList<>(List.of("factory", "verify", out.toString()));
    words.addAll(List.of(more));
    return command(words.toArray(String[]::new));
  }

  /** Whatever has its final name is complete. */
  private void requireNoHalfOutput() throws IOException {
    for (var id : names()) {
      try (var files = Files.list(out.resolve(id))) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder(
                "ca.crt", "command-keys.json", "device.crt", "device.key", "README.txt");
      }
    }
  }

  /** Exactly these devices, each enrolled once, with its key, as the manifest says. */
  private void requireWhole(int devices) throws Exception {
    var manifest = JSON.readTree(Files.readString(out.resolve("manifest.json")));
    assertThat(manifest.get("count").intValue()).isEqualTo(devices);
    assertThat(manifest.toString()).doesNotContain("PRIVATE");
    assertThat(names())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, devices).mapToObj("B7-%06d"::formatted).toList());
    var keys = new HashSet<String>();
    for (var device : manifest.get("devices")) {
      var id = device.get("id").stringValue();
      var folder = out.resolve(id);
      var certificate = Pem.certificates(Files.readString(folder.resolve("device.crt"))).getFirst();
      requireOneKey(key(folder.resolve("device.key")), certificate.getPublicKey());
      var hash = PublicKeyHash.of(certificate.getPublicKey()).hex();
      assertThat(keys.add(hash)).isTrue();
      assertThat(device.get("publicKeySha256").stringValue()).isEqualTo(hash);
      assertThat(device.get("certificateSha256").stringValue())
          .isEqualTo(Fingerprint.ofDer(certificate.getEncoded()).hex());
    }
    assertThat(shown("B7-000001").get("certificates")).hasSize(1);
    assertThat(json("batch", "show", "B7", "--json").at("/batch/members").intValue())
        .isEqualTo(devices);
    assertThat(command("factory", "verify", out.toString()).exitCode()).isZero();
    assertThat(out.resolve(".factory")).doesNotExist();
  }

  private static PrivateKey key(Path file) throws Exception {
    var der = Pem.decode(Files.readString(file), "PRIVATE KEY");
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  private static void requireOneKey(PrivateKey privateKey, PublicKey publicKey) throws Exception {
    var signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(privateKey);
    var verifier = Signature.getInstance("SHA256withECDSA");
    verifier.initVerify(publicKey);
    assertThat(verifier.verify(signer.sign())).isTrue();
  }

  private List<String> names() throws IOException {
    if (!Files.exists(out)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(out)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith(".") && !name.startsWith("manifest"))
          .sorted()
          .toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private JsonNode shown(String id) {
    return json("device", "show", id, "--json");
  }

  private JsonNode json(String... words) {
    return JSON.readTree(command(words).out());
  }

  private Run command(String... words) {
    return Run.command(directory, control.words(words));
  }

  private Run factory(String... more) {
    return command(words(more));
  }

  private String[] words(String... more) {
    var words = new ArrayList<>(List.of("factory", "--batch", "B7", "--out", out.toString()));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private Process start(int devices) throws IOException {
    var line = new ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classPath(), Child.class.getName()));
    line.addAll(List.of(control.words(words("--count", "" + devices))));
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("child.log").toFile())
        .start();
  }

  private static String classPath() {
    var own = System.getProperty("surefire.test.class.path", "");
    return own + System.getProperty("path.separator") + System.getProperty("java.class.path");
  }
}
