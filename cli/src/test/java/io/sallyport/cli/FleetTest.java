package io.sallyport.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Enrolling a whole file: checked first, each device once, and resumed after any crash. */
class FleetTest {
  @TempDir private Path directory;
  private Desk desk;
  private Path data;
  private Path out;

  @BeforeEach
  void start() throws Exception {
    desk = new Desk();
    data = desk.dataDirectory(directory.resolve("data"));
    out = directory.resolve("fleet");
  }

  @AfterEach
  void stop() {
    desk.close();
  }

  @Test
  void everyDeviceOfTheFileGetsItsBundle() throws Exception {
    var run = enroll("id,type,attribute:plant,policy\nd-1,pump,7,a;b\n\"d-2\",,,\n");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo("2 enrolled, 0 already there, 0 refused\n");
    assertThat(names(out)).containsExactly("d-1", "d-2");
    requireSound("d-1", "d-2");
    assertThat(desk.request("d-1").get("thingType").stringValue()).isEqualTo("pump");
    assertThat(desk.request("d-1").get("policies").toString()).isEqualTo("[\"a\",\"b\"]");
    assertThat(desk.request("d-1").get("attributes").toString()).isEqualTo("{\"plant\":\"7\"}");
    assertThat(desk.request("d-2").has("thingType")).isFalse();
  }

  @Test
  void anotherRunEnrolsOnlyWhoIsMissing() throws Exception {
    enroll("id\nd-1\n");
    var before = Files.readString(out.resolve("d-1/device.key"));

    var run = enroll("id\nd-1\nd-2\n");

    assertThat(run.out()).isEqualTo("1 enrolled, 1 already there, 0 refused\n");
    assertThat(Files.readString(out.resolve("d-1/device.key"))).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | empty; its first line names the columns",
        "name~x~ | 1:1: 'name' is no column",
        "id,id~x,y~ | 1:4: the column 'id' is there twice",
        "type~x~ | 1:1: there is no column 'id'",
        "id,attribute:~x,y~ | 1:4: 'attribute:' is no column",
        "id~d-1~d 2~ | 3:1: 'd 2' is no id",
        "id,type~d-1,a~,b~ | 3:1: '' is no id",
        "id~d-1~~d-1~ | 4:1: 'd-1' is there already, on line 2",
        "id,type~d-1~ | 2:1: 1 cells where the first line names 2",
        "id,type~d-1,a,b~ | 2:7: 3 cells where the first line names 2",
        "id,policy~d-1,a;;b~ | 2:5: an empty name among policies",
        "id,type~d-1,\"a~ | 2:5: a quote that is never closed",
        "id,type~d-1,a\"b~ | 2:6: a quote within a cell",
        "id,type~d-1,\"a\"b~ | 2:8: text after the closing quote",
        "id,type~d-1,\"a!\"~ | 2:5: a control character",
      })
  void aFaultAnywhereInTheFileStopsItBeforeTheFirstDevice(String text, String fault)
      throws Exception {
    var run = enroll(text.replace('~', '\n').replace('!', '\u0007'));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("fleet.csv:").contains(fault);
    assertThat(desk.calls()).isEmpty();
    assertThat(out).doesNotExist();
  }

  @Test
  void aRefusedDeviceIsNamedAndTheOthersGoOn() throws Exception {
    enroll("id\nd-2\n");
    var elsewhere = directory.resolve("elsewhere");

    var run = enroll(elsewhere, "id\nd-1\nd-2\nd-3\n");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("fleet.csv:3: d-2: the id exists").contains("1 refused");
    assertThat(names(elsewhere)).containsExactly("d-1", "d-3");
  }

  @Test
  void aRefusalOfTheWholeLeavesNothing() throws Exception {
    desk.refuses("POST devices/batch", 403, "your role does not allow that");

    var run = enroll("id\nd-1\n");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(out).doesNotExist();
  }

  @Test
  void anAnswerThatIsLostIsAskedForAgainWithTheSameKeys() throws Exception {
    desk.loses("POST devices/batch", true);
    var file = fleet(150);

    var lost = enroll(file);

    assertThat(lost.exitCode()).isEqualTo(3);
    assertThat(lost.err()).contains("run the same command again");
    var key = Files.readString(out.resolve(".pending/d-7/device.key"));
    desk.loses("POST devices/batch", false);
    assertThat(enroll(file).exitCode()).isZero();
    assertThat(Files.readString(out.resolve("d-7/device.key"))).isEqualTo(key);
    assertThat(names(out)).hasSize(150);
  }

  @Test
  void somethingElseUnderTheNameOfADeviceIsNotTouched() throws Exception {
    Files.createDirectories(out.resolve("d-1"));
    Files.writeString(out.resolve("d-1/notes"), "mine");

    var run = enroll("id\nd-1\n");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(names(out)).containsExactly("d-1");
    assertThat(desk.calls()).isEmpty();
  }

  @Test
  void aPersonSeesABarAndAScriptSeesLines() throws Exception {
    var file = write(fleet(3));
    String[] words = words(file, out);

    assertThat(Run.command(directory, words).err()).isEqualTo("3 of 3 enrolled\n");
    var other = words(file, directory.resolve("other"));
    assertThat(Run.script(directory).person().command(other).err()).contains("\r[");
  }

  @Test
  void theSummaryIsPrintedAsJson() throws Exception {
    var words = new ArrayList<>(List.of(words(write("id\nd-1\n"), out)));
    words.add("--json");

    var run = Run.command(directory, words.toArray(String[]::new));

    assertThat(run.out().replaceAll("\\s", ""))
        .isEqualTo("{\"enrolled\":1,\"alreadyThere\":0,\"refused\":[]}");
  }

  /** Each bundle is whole, and its key is the one that the desk certified. */
  private void requireSound(String... ids) throws Exception {
    for (var id : ids) {
      var bundle = out.resolve(id);
      assertThat(names(bundle))
          .containsExactlyInAnyOrder(
              "ca.crt", "command-keys.json", "device.crt", "device.key", "README.txt");
      var certificate = Pem.certificates(Files.readString(bundle.resolve("device.crt"))).getFirst();
      assertThat(certificate).isEqualTo(desk.issued().get(id));
      var der = Pem.decode(Files.readString(bundle.resolve("device.key")), "PRIVATE KEY");
      var signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)));
      signer.update(id.getBytes(UTF_8));
      var verifier = Signature.getInstance("SHA256withECDSA");
      verifier.initVerify(certificate.getPublicKey());
      verifier.update(id.getBytes(UTF_8));
      assertThat(verifier.verify(signer.sign())).isTrue();
    }
  }

  private static String fleet(int count) {
    var text = new StringBuilder("id,type\n");
    IntStream.range(0, count).forEach(i -> text.append("d-").append(i).append(",pump\n"));
    return text.toString();
  }

  private Run enroll(String text) throws IOException {
    return enroll(out, text);
  }

  private Run enroll(Path into, String text) throws IOException {
    return Run.command(directory, words(write(text), into));
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("fleet.csv"), text);
  }

  private String[] words(Path file, Path into) {
    return new String[] {
      "device",
      "enroll",
      "--from",
      file.toString(),
      "--out",
      into.toString(),
      "--data",
      data.toString()
    };
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
