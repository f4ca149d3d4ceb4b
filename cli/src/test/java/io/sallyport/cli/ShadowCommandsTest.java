package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Shadows from the command line, against control itself. */
class ShadowCommandsTest extends OperatorStage {
  @BeforeEach
  void prepare() {
    done("device", "enroll", "d-1", "--bundle", directory.resolve("out").toString());
  }

  @Test
  void aShadowIsChangedShownAndDeleted() throws IOException {
    ends(1, "No shadow exists with name: 'd-1'", "shadow", "get", "d-1");
    assertThat(
            done(
                "shadow",
                "update",
                "d-1",
                "{\"state\":{\"desired\":{\"on\":true,\"light\":{\"level\":1.50}}}}"))
        .isEqualTo("the shadow of d-1 has version 1\n");
    var file = directory.resolve("report.json");
    Files.writeString(file, "{\"state\":{\"reported\":{\"on\":true,\"tags\":[\"\\u001b[31m\"]}}}");
    done("shadow", "update", "d-1", "@" + file);
    assertThat(done("shadow", "get", "d-1").lines().skip(1).map(String::strip))
        .containsExactly(
            "MEMBER       DESIRED  REPORTED",
            "light.level  1.5      -               differs",
            "on           true     true",
            "tags         -        [\"\\u001B[31m\"]");
    var whole = JsonMapper.shared().readTree(done("shadow", "get", "d-1", "--json"));
    assertThat(whole.at("/state/delta/light/level").decimalValue()).isEqualByComparingTo("1.5");
    assertThat(whole.at("/metadata/desired/on/timestamp").asLong()).isPositive();

    ends(1, "Version conflict", "shadow", "delete", "d-1", "--version", "1");
    assertThat(done("shadow", "delete", "d-1", "--version", "2"))
        .isEqualTo("the shadow of d-1 is deleted, it had version 2\n");
    done("shadow", "update", "d-1", "{\"state\":null}");
    assertThat(done("shadow", "get", "d-1"))
        .startsWith("version 3 at ")
        .endsWith("\nnothing is desired, and nothing reported\n");
  }

  @Test
  void namedShadowsAreListed() {
    assertThat(done("shadow", "list", "d-1")).isEqualTo("NAME  VERSION  CHANGED\n");
    done("shadow", "update", "d-1", "{\"state\":{}}", "--name", "lights");
    done("shadow", "update", "d-1", "{\"state\":{}}", "--name", "$package");
    assertThat(done("shadow", "list", "d-1"))
        .containsPattern("(?m)^\\$package +1 +20.*Z$")
        .containsPattern("(?m)^lights +1 +20.*Z$");
    assertThat(done("shadow", "list", "d-1", "--json")).contains("\"name\" : \"lights\"");
    assertThat(done("shadow", "delete", "d-1", "--name", "lights", "--version", "1", "--json"))
        .contains("\"version\" : 1");
    ends(1, "d-1~lights", "shadow", "get", "d-1", "--name", "lights");
  }

  @Test
  void whatIsWronglyAskedIsRefused() {
    ends(2, "an id has", "shadow", "get", "a b");
    ends(2, "an id has", "shadow", "list", "a b");
    ends(2, "a shadow's name has", "shadow", "get", "d-1", "--name", "a.b");
    ends(2, "there is no file", "shadow", "update", "d-1", "@" + directory.resolve("none"));
    ends(1, "no device 'd-2'", "shadow", "list", "d-2");
    ends(1, "Thing not found", "shadow", "update", "d-2", "{\"state\":{}}");
  }
}
