package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that need no server. */
class AnalysisTest {
  @TempDir Path directory;

  private String policy(String file, String resource) throws IOException {
    return Files.writeString(
            directory.resolve(file),
            """
            {"Version": "2012-10-17", "Statement": [
              {"Sid": "In", "Effect": "Allow", "Action": "iot:Connect",
               "Resource": "arn:aws:iot:*:*:client/${iot:Connection.Thing.ThingName}"},
              {"Effect": "Allow", "Action": "iot:Publish", "Resource": "arn:aws:iot:*:*:%s"}]}
            """
                .formatted(resource))
        .toString();
  }

  @Test
  void aDifferenceIsShownWithExamples() throws IOException {
    var before = policy("a.json", "topic/a/*");
    var after = policy("b.json", "topic/?/*");

    var run = Run.command(directory, "policy", "diff", before, after);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .isEqualTo(
            """
            + newly allowed: iot:Publish on b/, c/, d/
                by topic/?/*
            """);
    assertThat(Run.command(directory, "policy", "diff", before, before).exitCode()).isZero();
    assertThat(Run.command(directory, "policy", "diff", before, after, "--json").out())
        .contains("\"becomes\" : \"allowed\"");
  }

  @Test
  void lintFailsOnlyOnErrors() throws IOException {
    var open = Run.command(directory, "policy", "lint", policy("a.json", "topic/devices/*"));
    assertThat(open.exitCode()).isEqualTo(1);
    assertThat(open.out()).contains("POL-03").contains("least privilege: 50 of 100");

    var closed = Run.command(directory, "policy", "lint", policy("b.json", "topic/a"));
    assertThat(closed.exitCode()).isZero();
    assertThat(closed.out()).isEqualTo("least privilege: 100 of 100\n");
    assertThat(
            Run.command(directory, "policy", "lint", policy("c.json", "topic/a"), "--json").out())
        .contains("\"score\" : 100");
  }

  @Test
  void lintTellsOfAVersionOrVariableThatIsRefused() throws IOException {
    for (var wrong :
        List.of(
            policy("a.json", "topic/${iot:Thing.ThingName}"),
            Files.writeString(
                    directory.resolve("b.json"),
                    Files.readString(Path.of(policy("c.json", "topic/a")))
                        .replace("2012-10-17", "2008-10-17"))
                .toString())) {
      var run = Run.command(directory, "policy", "lint", wrong);
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out()).contains("POL-11").contains("least privilege: 75 of 100");
    }
  }

  @Test
  void anInvariantIsProvedForFiles() throws IOException {
    var invariants =
        Files.writeString(
                directory.resolve("i.json"),
                "{\"invariants\": [{\"name\": \"n\", \"never\": \"write\","
                    + " \"topic\": \"devices/{other}/#\"}]}")
            .toString();
    var open = policy("a.json", "topic/devices/*");

    var run = Run.command(directory, "policy", "invariant", invariants, "--policy", open);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("BROKEN  n").contains("this-device can publish to 'devices/a'");
    var closed = policy("b.json", "topic/a");
    assertThat(Run.command(directory, "policy", "invariant", invariants, "--policy", closed).out())
        .isEqualTo("holds   n\n");
  }

  @Test
  void whatCannotBeReadIsBadInput() {
    var nothing = directory.resolve("none").toString();

    assertThat(Run.command(directory, "policy", "lint", nothing).exitCode()).isEqualTo(2);
    assertThat(Run.command(directory, "policy", "diff", nothing, nothing).exitCode()).isEqualTo(2);
    assertThat(Run.command(directory, "policy", "invariant", nothing).exitCode()).isEqualTo(2);
    assertThat(Run.command(directory, "policy", "reach").exitCode()).isEqualTo(2);
  }
}
