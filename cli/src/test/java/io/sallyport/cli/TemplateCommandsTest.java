package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates from the command line, against control itself. */
class TemplateCommandsTest extends OperatorStage {
  private static final String TEMPLATE =
      """
      {"Parameters": {"S": {"Type": "String"}}, "Resources": {
        "thing": {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": {"Ref": "S"}}},
        "certificate": {"Type": "AWS::IoT::Certificate", "Properties": {
          "CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}}},
        "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "default-device"}}}}
      """;

  // As control does, too.
  private static final int BYTES_MAX = 10_240;

  private Path file;

  @BeforeEach
  void prepare() throws IOException {
    file = Files.writeString(directory.resolve("lamps.json"), TEMPLATE);
  }

  @Test
  void aTemplateIsPutListedShownAndDeleted() {
    assertThat(done("template", "list")).isEqualTo("NAME  HOOK  CHANGED  BY\n");
    assertThat(done("template", "put", "lamps", file.toString()))
        .isEqualTo("template lamps is put\n");
    assertThat(done("template", "put", "asked", file.toString(), "--hook"))
        .isEqualTo("template asked is put, and asks the hook\n");

    assertThat(done("template", "list"))
        .containsPattern("(?m)^asked +asked +20.*Z +admin$")
        .containsPattern("(?m)^lamps +- +20.*Z +admin$");
    var listed = json(done("template", "list", "--json")).get("templates");
    assertThat(listed).hasSize(2);
    assertThat(listed.get(0).get("hook").asBoolean()).isTrue();
    assertThat(json(done("template", "show", "lamps"))).isEqualTo(json(TEMPLATE));
    var shown = json(done("template", "show", "lamps", "--json"));
    assertThat(shown.get("body")).isEqualTo(json(TEMPLATE));
    assertThat(shown.get("changedBy").asString()).isEqualTo("admin");

    assertThat(done("template", "delete", "asked")).isEqualTo("template asked is deleted\n");
    assertThat(json(done("template", "delete", "lamps", "--json")).get("deleted").asString())
        .isEqualTo("lamps");
    ends(1, "lamps", "template", "delete", "lamps");
    ends(1, "lamps", "template", "show", "lamps");
  }

  /** Otherwise whoever puts one anew would silently end the asking, or begin it. */
  @Test
  void anotherInItsPlaceAsksTheHookOnlyIfThatIsSaidAgain() {
    done("template", "put", "lamps", file.toString(), "--hook");

    var put = json(done("template", "put", "lamps", file.toString(), "--json"));

    assertThat(put.get("hook").asBoolean()).isFalse();
    assertThat(done("template", "list")).containsPattern("(?m)^lamps +- ");
  }

  @Test
  void comesFromTheStandardInputToo() {
    var run =
        Run.script(directory)
            .input(TEMPLATE)
            .command(control.words("template", "put", "lamps", "-"));

    assertThat(run).isEqualTo(new Run(0, "template lamps is put\n", ""));
  }

  @Test
  void oneThatAnOpenClaimIsBoundToStays() {
    done("template", "put", "lamps", file.toString());
    var out = directory.resolve("claim").toString();
    var words =
        new ArrayList<>(
            List.of("claim", "create", "line", "--batch", "b", "--count", "1", "--ids", "lamp-*"));
    words.addAll(List.of("--template", "lamps", "--out", out));
    done(words.toArray(String[]::new));

    ends(1, "claim 'line' is bound to it", "template", "delete", "lamps");
    done("claim", "kill", "line");
    done("template", "delete", "lamps");
  }

  @Test
  void whatIsNotSupportedIsBadInputWithItsPlace() throws IOException {
    Files.writeString(file, TEMPLATE.replace("\"PolicyName\"", "\"PolicyDocument\""));
    ends(
        2,
        "Resources.policy.Properties.PolicyDocument",
        "template",
        "put",
        "lamps",
        file.toString());
    Files.writeString(file, "{\"Resources\": {");
    ends(2, "line 1", "template", "put", "lamps", file.toString());
    Files.writeString(file, TEMPLATE);
    ends(2, "name", "template", "put", "a.b", file.toString());
    assertThat(done("template", "list")).hasLineCount(1);
  }

  @Test
  void aPolicyThatIsNotThereIsANo() throws IOException {
    Files.writeString(file, TEMPLATE.replace("default-device", "nobody"));

    ends(1, "no policy 'nobody'", "template", "put", "lamps", file.toString());
  }

  @Test
  void aFileThatIsNoneOrTooMuchIsBadInput() throws IOException {
    ends(2, "there is no file", "template", "put", "lamps", directory.resolve("none").toString());
    Files.writeString(file, TEMPLATE + " ".repeat(BYTES_MAX - TEMPLATE.length()));
    done("template", "put", "lamps", file.toString());
    Files.writeString(file, TEMPLATE + " ".repeat(BYTES_MAX + 1 - TEMPLATE.length()));
    ends(2, "longer than 10240 bytes", "template", "put", "lamps", file.toString());
    Files.write(file, "{\"\u00e4\"}".getBytes(StandardCharsets.ISO_8859_1));
    ends(2, "not UTF-8", "template", "put", "lamps", file.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "template put",
        "template put lamps",
        "template put lamps a b",
        "template show",
        "template delete",
        "template list lamps",
        "template show lamps --hook",
        "template rename lamps"
      })
  void wrongUseIsTwo(String words) {
    assertThat(run(words.split(" ")).exitCode()).isEqualTo(2);
  }
}
