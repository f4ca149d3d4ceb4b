package io.sallyport.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.agent.command.Commands;
import io.sallyport.agent.job.JobHandler;
import io.sallyport.agent.state.StateDirectory;
import io.sallyport.agent.state.StateUnavailable;
import io.sallyport.agent.state.Sync;
import io.sallyport.identity.Pem;
import io.sallyport.identity.command.AllowList;
import io.sallyport.identity.command.Channel;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.command.CommandRule;
import io.sallyport.identity.issuance.KeyPairs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AgentDutiesTest extends AgentStage {
  @Test
  void followsTheShadowAndSaysWhatItIs() throws Exception {
    var heard = new AtomicInteger();
    var made = make(settings(""));
    made.withShadow(
        shadow ->
            shadow.onDesired(
                "level",
                wish -> {
                  heard.set(wish.asInt());
                  shadow.report("level", wish);
                }));
    made.start();
    await(() -> published("shadow/get"));
    shadow("get/rejected", "{\"code\":404,\"message\":\"none\"}");
    shadow("update/delta", "{\"version\":3,\"state\":{\"level\":7}}");
    await(
        () ->
            heard.get() == 7 && published("shadow/update {\"state\":{\"reported\":{\"level\":7}"));
    shadow("update/delta", "{\"version\":2,\"state\":{\"level\":1}}");
    shadow("update/delta", "rubbish");
    shadow("update/accepted", "{\"version\":4,\"clientToken\":\"agent-1\"}");
    var pending = new AtomicInteger(-1);
    await(
        () -> {
          made.withShadow(shadow -> pending.set(shadow.isPending() ? 1 : 0));
          return pending.get() == 0;
        });
    assertThat(heard.get()).isEqualTo(7);
    shadow(
        "get/accepted",
        "{\"version\":9,\"state\":{\"desired\":{\"level\":8},\"delta\":{\"level\":8}}}");
    await(() -> heard.get() == 8);
    shadow("update/rejected", "{\"code\":400,\"message\":\"no\",\"clientToken\":\"agent-2\"}");
  }

  @Test
  void doesAJobAndTellsWhatCameOfIt() throws Exception {
    var made = make(settings(""));
    made.withJobs(
        jobs -> jobs.handle("blink", (document, _) -> new JobHandler.Done(true, "blinked")));
    made.start();
    await(() -> published("jobs/start-next"));
    job("start-next/accepted", "{}");
    job("notify-next", "{\"execution\":{\"jobId\":\"j1\"}}");
    job(
        "start-next/accepted",
        "{\"execution\":{\"jobId\":\"j1\",\"executionNumber\":1,\"versionNumber\":2,"
            + "\"jobDocument\":{\"operation\":\"blink\"}}}");
    await(() -> published("jobs/j1/update {\"status\":\"SUCCEEDED\""));
    server().published().clear();
    job("j1/update/accepted", "{}");
    await(() -> published("jobs/start-next"));
    job(
        "start-next/accepted",
        "{\"execution\":{\"jobId\":\"j2\",\"executionNumber\":1,\"jobDocument\":{\"operation\":\"x\"}}}");
    await(() -> published("jobs/j2/update {\"status\":\"REJECTED\""));
    job("j2/update/rejected", "{\"code\":\"VersionMismatch\"}");
  }

  @Test
  void tellsAResultAgainAndDoesNothingTwice() throws Exception {
    var done = new AtomicInteger();
    var settings = settings("");
    var made = make(settings);
    JobHandler handler =
        (document, resumed) -> {
          done.incrementAndGet();
          throw new IllegalStateException("broken");
        };
    made.withJobs(jobs -> jobs.handle("blink", handler));
    made.start();
    await(() -> published("jobs/start-next"));
    var execution =
        "{\"execution\":{\"jobId\":\"j1\",\"executionNumber\":1,\"versionNumber\":2,"
            + "\"jobDocument\":{\"operation\":\"blink\"}}}";
    job("start-next/accepted", execution);
    await(() -> published("jobs/j1/update {\"status\":\"FAILED\""));
    made.close();
    server().published().clear();
    agent = null;
    var again = make(settings);
    again.withJobs(jobs -> jobs.handle("blink", handler));
    again.start();
    await(() -> published("jobs/j1/update {\"status\":\"FAILED\""));
    job("start-next/accepted", execution);
    Thread.sleep(200);
    assertThat(done.get()).isEqualTo(1);
  }

  @Test
  void saysAgainWhatTheServerHadNoRoomFor() throws Exception {
    var made = make(settings(""));
    made.withJobs(
        jobs -> jobs.handle("blink", (document, _) -> new JobHandler.Done(true, "blinked")));
    made.start();
    await(() -> published("shadow/get") && published("jobs/start-next"));
    server().published().clear();
    shadow("get/rejected", "{\"code\":500,\"message\":\"Internal service failure\"}");
    job("start-next/rejected", "{\"code\":\"RequestThrottled\"}");
    await(() -> published("shadow/get") && published("jobs/start-next"));

    made.withShadow(shadow -> shadow.report("level", JSON.getNodeFactory().numberNode(7)));
    await(() -> published("\"level\":7"));
    server().published().clear();
    shadow("update/rejected", "{\"code\":429,\"clientToken\":\"agent-1\"}");
    await(() -> published("\"level\":7"));

    job(
        "start-next/accepted",
        "{\"execution\":{\"jobId\":\"j1\",\"executionNumber\":1,\"versionNumber\":2,"
            + "\"jobDocument\":{\"operation\":\"blink\"}}}");
    await(() -> published("jobs/j1/update {\"status\":\"SUCCEEDED\""));
    server().published().clear();
    job("j1/update/rejected", "{\"code\":\"InternalError\"}");
    await(() -> published("jobs/j1/update {\"status\":\"SUCCEEDED\""));
  }

  @Test
  void saysAgainWhatDidNotReachTheServices() throws Exception {
    server().answerPublishes(0x97);
    make(settings("")).start();
    await(() -> published("shadow/get") && published("jobs/start-next"));
    server().published().clear();
    await(() -> published("shadow/get") && published("jobs/start-next"));
    server().answerPublishes(0);
  }

  @Test
  void aLongWordOfAJobIsCutBetweenCharacters() throws Exception {
    var made = make(settings(""));
    var longWord = "x".repeat(127) + "\uD83D\uDE00" + "y";
    made.withJobs(
        jobs -> jobs.handle("talk", (document, _) -> new JobHandler.Done(true, longWord)));
    made.start();
    await(() -> published("jobs/start-next"));
    job(
        "start-next/accepted",
        "{\"execution\":{\"jobId\":\"j1\",\"jobDocument\":{\"operation\":\"talk\"}}}");
    await(() -> published("\"detail\":\"" + "x".repeat(127) + "\""));
  }

  @Test
  void answersWhatAKeptSessionBringsBeforeItsSubscriptionsStand() throws Exception {
    var keys = KeyPairs.p256();
    var done = new AtomicInteger();
    var blink = signed(keys, "blink", 1);
    server().beforeSubAck(() -> command(blink));

    obeying(make(settings("").with(obeyed(keys))), done).start();

    await(() -> done.get() == 1 && receipts() == 1);
    await(() -> server().acknowledgedByDevice().size() == 1);
  }

  private static Commands.Authority obeyed(KeyPair keys) {
    var rule = new CommandRule(Set.of(Channel.COMMANDS), false, Map.of(), Map.of());
    return new Commands.Authority(
        "sallyport",
        new AllowList(
            List.of(
                new AllowList.Signer(
                    keys.getPublic(),
                    Map.of(new CommandName("blink"), rule, new CommandName("nod"), rule)))));
  }

  @Test
  void obeysASignedCommandOnceAlsoAfterARestart() throws Exception {
    var keys = KeyPairs.p256();
    var settings = settings("").with(obeyed(keys));
    var done = new AtomicInteger();
    var made = make(settings);
    obeying(made, done).start();
    await(() -> status(made).connected());
    var blink = signed(keys, "blink", 1);
    command(blink);
    await(() -> done.get() == 1 && receipts() == 1);
    command(blink);
    await(() -> receipts() == 2);
    command("rubbish".getBytes(StandardCharsets.UTF_8));
    blink[blink.length - 1] ^= 1;
    command(blink);
    blink[blink.length - 1] ^= 1;
    command(signed(keys, "nod", 2));
    await(() -> receipts() == 3);
    made.close();
    agent = null;
    var again = make(settings);
    obeying(again, done).start();
    await(() -> status(again).connected());
    command(blink);
    await(() -> receipts() == 4);
    assertThat(done.get()).isEqualTo(1);
  }

  @Test
  void makesANewKeyProvesItAndFallsBackFromAForeignOne() throws Exception {
    var started = start(settings(""));
    await(() -> published("shadow/get"));
    wish("n1", 1, null);
    await(() -> published("BEGIN CERTIFICATE REQUEST"));
    // A certificate for somebody else's key, from the right authority.
    wish("n1", 2, Pem.of(CA.device("d-1").chain()));
    await(() -> published("\"state\":\"failed\""));
    assertThat(status(started).connected()).isTrue();
    assertThat(status(started).credential()).isZero();
  }

  @Test
  void connectsWithTheNewCertificate() throws Exception {
    var started = start(settings(""));
    await(() -> published("shadow/get"));
    wish("n1", 1, null);
    await(() -> published("BEGIN CERTIFICATE REQUEST"));
    wish("n1", 2, certified());
    await(() -> published("\"state\":\"proven\"") && status(started).credential() == 1);
    assertThat(server().published().stream().noneMatch(one -> one.contains("PRIVATE KEY")))
        .isTrue();
    assertThat(folder.resolve("state/device-1.key")).exists();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("state/device-1.key"))))
        .isEqualTo("rw-------");
  }

  @Test
  void refusesAFolderThatAnotherAgentHasOrThatOthersRead() throws Exception {
    var settings = settings("");
    make(settings);
    assertThatThrownBy(() -> new Agent(settings, network, weather(), new Witness() {}))
        .isInstanceOf(StateUnavailable.class)
        .hasMessageContaining("another agent");
    var open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(() -> StateDirectory.open(open, Sync.DISK))
        .isInstanceOf(StateUnavailable.class)
        .hasMessageContaining("chmod 700");
  }

  @Test
  void refusesABundleThatItCannotUse() throws Exception {
    var bundle = bundle("");
    Files.setPosixFilePermissions(
        bundle.resolve("device.key"), PosixFilePermissions.fromString("rw-r--r--"));
    refused(bundle, "chmod 600");
    Files.setPosixFilePermissions(
        bundle.resolve("device.key"), PosixFilePermissions.fromString("rw-------"));
    Files.writeString(bundle.resolve("pins.txt"), "server nonsense\n");
    refused(bundle, "not a pin");
    Files.writeString(bundle.resolve("pins.txt"), "# none\n");
    refused(bundle, "0 pins");
    Files.delete(bundle.resolve("pins.txt"));
    Files.writeString(bundle.resolve("config.json"), "{}");
    refused(bundle, "endpoint");
    Files.delete(bundle.resolve("config.json"));
    refused(bundle, "--server");
    Files.writeString(bundle.resolve("device.crt"), Pem.of(CA.device("d-2").chain()));
    refused(bundle, "does not belong");
    Files.writeString(bundle.resolve("device.crt"), Pem.of(CA.backend("b-1").chain()));
    refused(bundle, "backend");
    refused(folder.resolve("nowhere"), "no bundle");
  }
}
