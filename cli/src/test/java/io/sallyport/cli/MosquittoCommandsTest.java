package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From Mosquitto and back, as an operator does it. */
class MosquittoCommandsTest {
  /** A revocation list of a throw-away authority. */
  private static final String LIST =
      """
      MIGQMDgwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBeBcNMjUwMTAxMDAwMDAwWhcNMjYwMTAyMDMwNDA1WjAK
      BggqhkjOPQQDAgNIADBFAiEA0/WldOEmDRw142qWHhQVW8UfyiR3ELdW+6fU95fOEIICIGkeci7/hHNXmNBM
      H02z2CP9zdzdvltQ4+klzyqgz1oJ
      """;

  @TempDir private Path directory;

  @Test
  void whatIsKeptExactlyIsZeroAndWrittenWhereItIsWanted() throws Exception {
    var acl = acl("user pump\ntopic write a/b\npattern read d/%u/#\n");
    var out = directory.resolve("policies");

    var run = Run.command(directory, "policy", "import", "mosquitto", acl, "--out", out.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .startsWith(
            """
            LINE  RULE                 KEPT   BY
               2  topic write a/b      exact  mosquitto-user-pump
               3  pattern read d/%u/#  exact  mosquitto-patterns
            """)
        .contains("pump needs mosquitto-user-pump mosquitto-patterns")
        .contains("everybody else needs mosquitto-patterns");
    var written = out.resolve("mosquitto-user-pump.json").toString();
    assertThat(Run.command(directory, "policy", "check", written).exitCode()).isZero();
    assertThat(
            Run.command(directory, "policy", "export", "mosquitto", written, "--user", "pump")
                .out())
        .contains("user pump\ntopic write a/b\n");
  }

  @Test
  void whatCannotBeKeptIsOneAndNamesTheLine() throws Exception {
    var acl = acl("user pump\ntopic read a/+/b/#\n");

    var run = Run.command(directory, "policy", "import", "mosquitto", acl);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("dropped").contains("line 2: for pump: ");
  }

  @Test
  void whatMosquittoWouldNotStartWithIsTwoAndChangesNothing() throws Exception {
    var acl = acl("user pump\ntopic subscribe a/b\n");
    var out = directory.resolve("policies");

    var run = Run.command(directory, "policy", "import", "mosquitto", acl, "--out", out.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("sallyport: " + acl + ":2: ").hasLineCount(1);
    assertThat(out).doesNotExist();
  }

  @Test
  void theConfigurationSaysMore() throws Exception {
    var acl = acl("topic read a\npattern write d/%c/x\n");
    var conf = directory.resolve("mosquitto.conf");
    Files.writeString(
        conf,
        """
        listener 8883
        cafile ca
        use_identity_as_username true
        use_username_as_clientid true
        acl_file acl
        """);

    var run =
        Run.command(directory, "policy", "import", "mosquitto", acl, "--conf", conf.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("dead")
        .contains("error conf:1 identity-without-certificate")
        .doesNotContain("client-id-chosen-by-client");
  }

  @Test
  void everythingIsInTheJson() throws Exception {
    var acl = acl("topic write x/%u\n");

    var run = Run.command(directory, "policy", "import", "mosquitto", acl, "--json");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out().replaceAll("\\s", ""))
        .startsWith("{\"exact\":false,\"lines\":[{\"line\":1,\"rule\":\"topicwritex/%u\"")
        .contains("\"code\":\"variable-in-topic\"");
  }

  @Test
  void aRevocationListThatCannotBeReadIsSaidToBeSo() throws Exception {
    var acl = acl("pattern write d/%u/x\n");
    var broken = Files.writeString(directory.resolve("broken.pem"), "no list");
    var conf = directory.resolve("mosquitto.conf");
    Files.writeString(conf, "listener 1\ncrlfile /there/is/none\ncrlfile " + broken + "\n");

    var run =
        Run.command(directory, "policy", "import", "mosquitto", acl, "--conf", conf.toString());

    assertThat(run.out())
        .contains("conf:2 revocation-list-unread")
        .contains("conf:3 revocation-list-unread");
  }

  @Test
  void aRevocationListSaysWhenEverybodyWillBeRefused() throws Exception {
    var acl = acl("pattern write d/%u/x\n");
    var list = directory.resolve("crl.der");
    Files.write(list, Base64.getMimeDecoder().decode(LIST));
    var conf = directory.resolve("mosquitto.conf");
    Files.writeString(conf, "listener 1\ncrlfile " + list + "\n");

    var run =
        Run.command(directory, "policy", "import", "mosquitto", acl, "--conf", conf.toString());

    assertThat(run.out()).contains("conf:2 revocation-list-due").contains("2026-01-02T03:04:05Z");
  }

  @Test
  void thePoliciesArePutAtTheServerAndFetchedFromIt() throws Exception {
    var acl = acl("pattern write d/%u\n");
    try (var desk = new Desk()) {
      var data = desk.dataDirectory(directory.resolve("data")).toString();
      desk.says("PUT policies/mosquitto-patterns", 200, "{\"name\":\"x\",\"version\":1}");
      desk.says(
          "GET policies/p",
          200,
          "{\"document\":{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
              + "\"Action\":[\"iot:Publish\",\"iot:RetainPublish\"],"
              + "\"Resource\":\"arn:aws:iot:*:*:topic/a\"}}}");

      var put =
          Run.command(directory, "policy", "import", "mosquitto", acl, "--put", "--data", data);
      var got = Run.command(directory, "policy", "export", "mosquitto", "p", "--data", data);

      assertThat(put.exitCode()).as(put.err()).isZero();
      assertThat(desk.calls()).anyMatch(call -> call.toString().contains("mosquitto-patterns"));
      assertThat(got.exitCode()).as(got.err()).isZero();
      assertThat(got.out()).endsWith("pattern write a\n");
    }
  }

  @Test
  void aStatementThatNoRuleSaysIsNamedBesideTheRules() throws Exception {
    var policy = directory.resolve("p.json");
    Files.writeString(
        policy,
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Sid\":\"Rooms\",\"Effect\":\"Allow\","
            + "\"Action\":\"iot:Publish\",\"Resource\":\"arn:aws:iot:*:*:topic/room*\"}}");

    var run = Run.command(directory, "policy", "export", "mosquitto", policy.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("statement 0 (Rooms)");
    assertThat(run.out()).doesNotContain("room");
  }

  /** The example of the page about migrating, as it is printed there. */
  @Test
  void theWorkedExampleIsAsWritten() throws Exception {
    var page = Files.readString(Path.of("../docs/migrating-from-mosquitto.md"));
    var blocks = page.split("```", -1);
    var acl = acl(after(blocks, "text\n# fleet.acl\n", "text\n"));

    var run = Run.command(directory, "policy", "import", "mosquitto", acl);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEqualTo(after(blocks, "text\nLINE", "text\n"));
  }

  private static String after(String[] blocks, String start, String prefix) {
    for (var block : blocks) {
      if (block.startsWith(start)) {
        return block.substring(prefix.length());
      }
    }
    throw new AssertionError("no block begins with " + start);
  }

  private String acl(String text) throws IOException {
    return Files.writeString(directory.resolve("acl"), text).toString();
  }
}
