package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs from the command line, against control itself. */
class JobCommandsTest extends OperatorStage {
  private String document;

  @BeforeEach
  void prepare() throws IOException {
    document =
        Files.writeString(directory.resolve("update.json"), "{\"operation\":\"test\"}").toString();
    done("device", "enroll", "lamp-1", "--bundle", directory.resolve("b").toString());
  }

  @Test
  void aJobIsMadeShownCancelledAndDeleted() throws IOException {
    // Who is quarantined is not given a job, so it waits however slow this test is.
    done("device", "quarantine", "lamp-1");
    assertThat(done("job", "list")).isEqualTo("JOB  STATUS  KIND  BY  MADE  DESCRIPTION\n");
    assertThat(done("job", "create", "u-1", "--document", document, "--device", "lamp-1"))
        .isEqualTo("job u-1 is IN_PROGRESS, for 1 devices\n");
    var settings =
        Files.writeString(
            directory.resolve("settings.json"),
            "{\"schedulingConfig\":{\"startTime\":\"2099-01-01T00:00:00Z\"}}");
    var made =
        json(
            done(
                "job",
                "create",
                "u-2",
                "--document",
                document,
                "--description",
                "all lamps",
                "--type",
                "lamp",
                "--prefix",
                "l",
                "--attribute",
                "site=b",
                "--tag",
                "t=1",
                "--continuous",
                "--per-minute",
                "5",
                "--timeout",
                "10",
                "--retries",
                "2",
                "--abort-percent",
                "12.5",
                "--settings",
                settings.toString(),
                "--json"));
    assertThat(made.get("status").asString()).isEqualTo("SCHEDULED");
    assertThat(made.at("/settings/abortConfig/criteriaList/0/thresholdPercentage").asDouble())
        .isEqualTo(12.5);
    assertThat(made.at("/settings/targets/query/tags/t").asString()).isEqualTo("1");

    assertThat(done("job", "list", "--status", "SCHEDULED"))
        .containsPattern("(?m)^u-2 +SCHEDULED +continuous +admin +20.*Z +all lamps$")
        .doesNotContain("u-1");
    assertThat(done("job", "show", "u-1"))
        .contains("waiting     [" + "#".repeat(40) + "]        1  100.0 %");
    assertThat(done("job", "executions", "u-1"))
        .isEqualTo("JOB  DEVICE  TRY  STATUS  SINCE  DETAILS\n");
    assertThat(json(done("job", "executions", "--device", "lamp-1", "--json")).get("executions"))
        .isEmpty();
    ends(1, "was not given", "job", "executions", "u-1", "--device", "lamp-1");
    ends(1, "was not given", "job", "cancel", "u-1", "lamp-1");

    assertThat(done("job", "cancel", "u-1", "--reason", "WRONG", "--comment", "wrong image"))
        .isEqualTo("job u-1 is CANCELED\n");
    assertThat(done("job", "show", "u-1", "--watch"))
        .contains("wrong image")
        .containsPattern("(?m)^ended +20.*by admin$");
    assertThat(json(done("job", "show", "u-1", "--json")).get("reasonCode").asString())
        .isEqualTo("WRONG");
    assertThat(done("job", "delete", "u-1")).isEqualTo("job u-1 is gone\n");
    ends(1, "u-2", "job", "delete", "u-2");
    done("job", "delete", "u-2", "--force");
    assertThat(json(done("job", "list", "--json")).get("jobs")).isEmpty();
  }

  @Test
  void whatIsWrongIsSaidBeforeAnythingIsDone() throws IOException {
    var list = Files.writeString(directory.resolve("list.json"), "[]").toString();
    var broken = Files.writeString(directory.resolve("broken.json"), "{").toString();

    ends(2, "for whom", "job", "create", "a", "--document", document);
    ends(2, "a job's name", "job", "create", "a/b", "--document", document, "--group", "g");
    ends(2, "not a JSON object", "job", "create", "a", "--document", list, "--device", "lamp-1");
    ends(2, "is not JSON", "job", "create", "a", "--document", broken, "--device", "lamp-1");
    ends(
        2,
        "--abort-percent",
        "job",
        "create",
        "a",
        "--document",
        document,
        "--device",
        "lamp-1",
        "--abort-after",
        "3");
    ends(1, "no group", "job", "create", "a", "--document", document, "--group", "g");
    ends(2, "whose executions", "job", "executions");
    ends(2, "--limit", "job", "executions", "a", "--limit", "-1");
    ends(2, "whole job", "job", "cancel", "a", "lamp-1", "--comment", "x");
    ends(1, "no job", "job", "show", "a");
  }
}
