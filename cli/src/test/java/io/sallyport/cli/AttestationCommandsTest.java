package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.upokecenter.cbor.CBORObject;
import io.sallyport.identity.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** {@code attestation} against control itself, with files as devices write them. */
class AttestationCommandsTest {
  @TempDir private Path directory;
  private RealControl control;
  private KeyPair key;

  @BeforeEach
  void start() throws Exception {
    control = new RealControl(directory.resolve("data"));
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    key = generator.generateKeyPair();
    Files.write(file("iak.pem"), Pem.encode("PUBLIC KEY", key.getPublic().getEncoded()));
    run(0, "device", "enroll", "d-1", "--bundle", file("out").toString());
  }

  @AfterEach
  void stop() {
    control.close();
  }

  @Test
  void aDeviceProvesWhatItRuns() throws Exception {
    var keyFile = file("iak.pem").toString();
    run(0, "attestation", "add-key", keyFile, "--format", "eat", "--device", "d-1");
    assertThat(run(0, "attestation", "keys")).contains("eat").contains("d-1");
    run(0, "attestation", "approve", "version:1.4.2", "--component", "pump", "--note", "release");
    assertThat(run(0, "attestation", "approved")).contains("pump").contains("release");

    assertThat(verify("1.4.2", 0)).contains("d-1 is attested until").contains("version:1.4.2");
    assertThat(run(0, "device", "show", "d-1")).containsPattern("attested +yes, until 2");
    assertThat(verify("1.4.3", 1)).isEmpty();
    assertThat(run(0, "device", "show", "d-1")).containsPattern("attested +no");

    run(0, "attestation", "withdraw", "version:1.4.2", "--component", "pump");
    run(1, "attestation", "withdraw", "version:1.4.2", "--component", "pump");
    var json = new JsonMapper().readTree(run(0, "attestation", "keys", "--json"));
    var hash = json.get("keys").get(0).get("sha256").asString();
    run(0, "attestation", "remove-key", hash);
    run(1, "attestation", "remove-key", hash);
  }

  @Test
  void whatIsMissingOrWrongIsNamed() throws IOException {
    var none = file("none").toString();
    var text = Files.writeString(file("text"), "x").toString();
    String[] verify = {"attestation", "verify", "d-1", "--challenge", "zz", "--format"};

    assertThat(wrong(verify, "pas")).contains("psa, eat, tpm2 or dice, not 'pas'");
    assertThat(wrong(verify, "psa")).contains("--token is missing");
    assertThat(wrong(verify, "psa", "--token", none)).contains("there is no file");
    assertThat(wrong(verify, "tpm2", "--quote", text)).contains("--signature is missing");
    assertThat(wrong(verify, "tpm2", "--quote", text, "--signature", text, "--registers", text))
        .contains("tpm2_pcrread");
    assertThat(wrong(verify, "dice", "--chain", text)).contains(text);
    assertThat(wrong(verify, "psa", "--token", text)).contains("64 hexadecimal digits");
    assertThat(wrong(new String[] {"attestation", "add-key", text, "--format"}, "dice"))
        .contains("PEM");
  }

  private String verify(String version, int exitCode) throws Exception {
    var challenge = new JsonMapper().readTree(run(0, "attestation", "challenge", "d-1", "--json"));
    var nonce = HexFormat.of().parseHex(challenge.get("nonce").asString());
    Files.write(file("token"), token(nonce, version));
    var token = file("token").toString();
    var asked = challenge.get("challenge").asString();
    String[] words = {"--challenge", asked, "--format", "eat", "--token", token};
    return run(
        exitCode,
        Stream.concat(Stream.of("attestation", "verify", "d-1"), Stream.of(words))
            .toArray(String[]::new));
  }

  private byte[] token(byte[] nonce, String version) throws Exception {
    var payload =
        CBORObject.NewMap()
            .Add(10, nonce)
            .Add(262, true)
            .Add(263, 3)
            .Add(270, "pump")
            .Add(271, CBORObject.NewArray().Add(version))
            .EncodeToBytes();
    var header = CBORObject.NewMap().Add(1, -7).EncodeToBytes();
    var signer = Signature.getInstance("SHA256withECDSAinP1363Format");
    signer.initSign(key.getPrivate());
    signer.update(
        CBORObject.NewArray()
            .Add("Signature1")
            .Add(header)
            .Add(new byte[0])
            .Add(payload)
            .EncodeToBytes());
    return CBORObject.NewArray()
        .Add(header)
        .Add(CBORObject.NewMap())
        .Add(payload)
        .Add(signer.sign())
        .EncodeToBytes();
  }

  private String wrong(String[] first, String... rest) {
    var words = Stream.concat(Stream.of(first), Stream.of(rest)).toArray(String[]::new);
    var run = Run.command(directory, control.words(words));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    return run.err();
  }

  private String run(int exitCode, String... words) {
    var run = Run.command(directory, control.words(words));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    return run.out();
  }

  private Path file(String name) {
    return directory.resolve(name);
  }
}
