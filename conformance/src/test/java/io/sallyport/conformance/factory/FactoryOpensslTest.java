package io.sallyport.conformance.factory;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Lab;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Ran;
import io.sallyport.conformance.product.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** The manifest's signature and the stations' envelopes, opened by openssl and tar alone. */
@ExtendWith(Lab.Resolver.class)
class FactoryOpensslTest {
  private static final List<String> SECRETS = List.of("PRIVATE KEY", "BEGIN EC", "-----BEGIN");

  private final Lab lab;
  private final Path folder;

  FactoryOpensslTest(Lab lab) {
    this.lab = lab;
    folder = lab.scratch();
  }

  @BeforeAll
  static void needsOpenssl() {
    Tool.need(Tool.OPENSSL);
  }

  @Test
  void opensslVerifiesTheManifestAndNoOther() throws Exception {
    factory("signed", "--count", "3").expecting(0);
    var out = folder.resolve("signed");
    var line =
        "openssl cms -verify -binary -inform DER -in manifest.json.p7s -content manifest.json"
            + " -purpose any -out verified.json -CAfile "
            + lab.product().data().resolve("operator/ca.crt");

    Program.runLine(out, line).expecting(0);
    assertThat(out.resolve("verified.json")).hasSameBinaryContentAs(out.resolve("manifest.json"));

    var text = Files.readString(out.resolve("manifest.json"));
    Files.writeString(out.resolve("manifest.json"), text.replace("signed-000003", "signed-000004"));
    assertThat(Program.runLine(out, line).exit()).isNotZero();
  }

  @ParameterizedTest
  @CsvSource({"ec,-newkey ec -pkeyopt ec_paramgen_curve:P-256", "rsa,-newkey rsa:3072"})
  void aStationAndNobodyElseOpensWhatIsForIt(String kind, String key) throws Exception {
    for (var station : List.of("station", "stranger")) {
      run(
          "openssl req -x509 -nodes -subj /CN="
              + station
              + " -days 2 "
              + key
              + " -keyout "
              + station
              + ".key -out "
              + station
              + ".pem");
    }

    factory(kind, "--count", "3", "--format", "pem", "--encrypt-to", "station.pem").expecting(0);

    var out = folder.resolve(kind);
    assertThat(names(out))
        .containsExactlyInAnyOrder(
            kind + "-000001.tar.cms",
            kind + "-000002.tar.cms",
            kind + "-000003.tar.cms",
            "manifest.json",
            "manifest.json.p7s");
    requireNothingInClear(out);
    var decrypt = "openssl cms -decrypt -binary -inform DER -in " + kind + "/" + kind + "-000002";
    run(decrypt + ".tar.cms -inkey station.key -recip station.pem -out 2.tar");
    assertThat(
            Program.runLine(
                    folder,
                    decrypt + ".tar.cms -inkey stranger.key -recip stranger.pem -out no.tar")
                .exit())
        .isNotZero();
    run("tar -tvf 2.tar | grep -q '^-rw------- .* " + kind + "-000002/device.key$'");
    run("tar -xf 2.tar");
    var device = folder.resolve(kind + "-000002");
    assertThat(names(device)).contains("README.txt", "ca.crt", "device.crt", "device.key");
    requireTheKeyOfTheManifest(out, device);
    assertThat(lab.product().cli("factory", "verify", out.toString()).expecting(0).out())
        .contains("all 3 devices are there");

    // GCM: one flipped bit anywhere and nothing is believed.
    var image = out.resolve(kind + "-000003.tar.cms");
    var bytes = Files.readAllBytes(image);
    bytes[bytes.length - 300] ^= 1;
    Files.write(image, bytes);
    assertThat(
            Program.runLine(
                    folder,
                    "openssl cms -decrypt -binary -inform DER -in "
                        + kind
                        + "/"
                        + kind
                        + "-000003.tar.cms -inkey station.key -recip station.pem -out 3.tar")
                .exit())
        .isNotZero();
    assertThat(lab.product().cli("factory", "verify", out.toString()).exit()).isEqualTo(1);
  }

  @Test
  void aCertificateThatNothingCanBeEncryptedToIsRefused() {
    run("openssl req -x509 -nodes -subj /CN=ed -newkey ed25519 -keyout ed.key -out ed.pem");
    run(
        "openssl req -x509 -nodes -subj /CN=sign -newkey rsa:2048 -keyout s.key -out s.pem"
            + " -addext keyUsage=critical,digitalSignature");

    assertThat(factory("ed", "--count", "1", "--encrypt-to", "ed.pem").exit()).isEqualTo(2);
    assertThat(factory("sign", "--count", "1", "--encrypt-to", "s.pem").err())
        .contains("its key usage lacks keyEncipherment");
    assertThat(folder.resolve("ed")).doesNotExist();
  }

  private void requireTheKeyOfTheManifest(Path out, Path device) throws IOException {
    run("openssl pkey -in " + device.resolve("device.key") + " -pubout -outform DER -out pub.der");
    run("openssl x509 -in " + device.resolve("device.crt") + " -serial -noout > serial.txt");
    run("openssl dgst -sha256 -binary -out pub.sha256 pub.der");
    var manifest = JsonMapper.builder().build().readTree(out.resolve("manifest.json"));
    var known = manifest.at("/devices/1");
    assertThat(known.get("publicKeySha256").asString())
        .isEqualTo(HexFormat.of().formatHex(Files.readAllBytes(folder.resolve("pub.sha256"))));
    var serial = Files.readString(folder.resolve("serial.txt")).strip().toLowerCase(Locale.ROOT);
    assertThat(serial).endsWith(known.get("serial").asString());
  }

  /** Neither in the outputs nor in anything that was written on the way and is still there. */
  private static void requireNothingInClear(Path out) throws IOException {
    try (Stream<Path> tree = Files.walk(out)) {
      for (var file : tree.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(SECRETS);
      }
    }
  }

  private Ran factory(String batch, String... more) {
    var words = new ArrayList<>(List.of("factory", "--batch", batch));
    words.addAll(List.of("--out", folder.resolve(batch).toString()));
    for (var word : more) {
      words.add(word.endsWith(".pem") ? folder.resolve(word).toString() : word);
    }
    return lab.product().cli(words.toArray(String[]::new));
  }

  private void run(String line) {
    Program.runLine(folder, line).expecting(0);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
