package io.sallyport.conformance.services;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.sallyport.conformance.clients.HiveMq;
import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.OperatorApi;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.ProductProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole agent killed, again and again, while it is sent commands, wishes, a job and a rotation,
 * and has something to say. What it did it does not do again, what it said is not lost, and there
 * is never a restart after which it cannot come back.
 */
class AgentCrashTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int KILLS = 4;
  private static final int ROTATED = 1;
  private static final int COMMANDS = 3;
  private static final int MESSAGES = 4;
  private static final Duration MOMENT_MAX = Duration.ofSeconds(2);
  private static final Duration SETTLE_MAX = Duration.ofSeconds(40);

  /** What is written in the middle of what the agent does. */
  private static final List<String> WORK =
      List.of("command-windows.json", "command-answers.json", "shadow.json", "job.json");

  private static final List<String> ROTATION =
      List.of("rotation.json", "device-1.csr", "device-1.key", "device-1.crt");

  @TempDir private static Path folder;
  private static ProductProcess product;
  private static OperatorApi operator;
  private static Path commandKeys;
  private static final Map<String, Set<String>> HEARD = new ConcurrentHashMap<>();

  @BeforeAll
  static void open() throws Exception {
    product = ProductProcess.start(folder.resolve("data"));
    operator = new OperatorApi(product);
    commandKeys =
        Files.writeString(
            folder.resolve("command.pem"),
            product.cli("command", "key", "export").expecting(0).out());
    var bundle = folder.resolve("desk");
    product.cli("backend", "enroll", "desk", "--bundle", bundle.toString()).expecting(0);
    var desk = HiveMq.v5(new Endpoint("localhost", product.mqttPort(), new Bundle("desk", bundle)));
    HiveMq.await(desk.connect());
    HiveMq.await(
        desk.subscribeWith()
            .topicFilter("devices/+/telemetry")
            .qos(MqttQos.AT_LEAST_ONCE)
            .callback(
                message ->
                    HEARD
                        .computeIfAbsent(
                            message.getTopic().getLevels().get(1),
                            _ -> ConcurrentHashMap.newKeySet())
                        .add(new String(message.getPayloadAsBytes(), UTF_8)))
            .send());
  }

  @AfterAll
  static void close() {
    operator.close();
    product.close();
  }

  /** One life of a device, of which the seed says when it is killed. */
  @ParameterizedTest
  @ValueSource(longs = {6, 2026})
  void nothingIsDoneTwiceNorLostNorTheDeviceShutOut(long seed) throws Exception {
    var random = new Random(seed);
    var id = "pump-" + seed;
    var sent = new HashMap<String, Integer>();
    var said = new HashSet<String>();
    long top = -1;
    try (var agent =
        new AgentProcess(product, folder, id, List.of(commandKeys), List.of("count"))) {
      for (int round = 0; round <= KILLS; round++) {
        if (round > 0 && random.nextBoolean()) {
          // While it was away.
          order(random, id, round, sent);
        }
        agent.start();
        if (random.nextInt(4) > 0 || round == 0) {
          agent.untilConnected();
        }
        order(random, id, round, sent);
        for (int i = 0; i < MESSAGES; i++) {
          var text = "{\"n\":" + said.size() + "}";
          said.add(text);
          agent.say("%04d".formatted(said.size()), text);
        }
        if (round < KILLS) {
          killInTheMidst(agent, random, round == ROTATED ? ROTATION : WORK);
          top = windowAfter(agent, top);
        }
      }

      agent.untilConnected();
      Patience.until(
          "all is done: " + agent, SETTLE_MAX, () -> isSettled(agent, id, sent.size() / COMMANDS));
      Patience.until("all is heard", SETTLE_MAX, () -> heard(id).containsAll(said));
      assertThat(agent.log()).contains("credential=\"1\"");
      windowAfter(agent, top);
      var counts = agent.stop();

      assertThat(heard(id)).isEqualTo(said);
      for (var loss : List.of("denied", "waiting", "dropped", "refused", "failed", "damaged")) {
        assertThat(counts.path(loss).asInt()).as(loss).isZero();
      }
      doneOnce(agent, id, sent);
    }
  }

  /** Commands, a wish, a job, and once a rotation. */
  private static void order(Random random, String id, int round, Map<String, Integer> sent) {
    for (int i = 0; i < COMMANDS; i++) {
      var body =
          "{\"name\":\"count\",\"arguments\":{\"n\":%d},\"expiresSeconds\":600}"
              .formatted(sent.size());
      sent.put(
          operator.post("devices/" + id + "/commands", body).path("id").asString(), sent.size());
    }
    var interval = round == KILLS ? 1 : random.nextInt(1, 3);
    operator.post(
        "devices/" + id + "/shadow",
        "{\"state\":{\"desired\":{\"interval\":%d}}}".formatted(interval));
    if (round == ROTATED) {
      operator.post("rotation/start", "{\"devices\":[\"" + id + "\"]}");
    }
    operator.post(
        "jobs",
        """
        {"jobId":"%1$s-%2$d","document":{"operation":"count","n":%2$d},"targets":{"devices":["%1$s"]}}
        """
            .formatted(id, sent.size()));
  }

  /** At a time, or as soon as something of its state is written. */
  private static void killInTheMidst(AgentProcess agent, Random random, List<String> of)
      throws IOException {
    var end = System.nanoTime() + MOMENT_MAX.toNanos();
    if (random.nextInt(4) == 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(900)));
    } else {
      var file = agent.state(of.get(random.nextInt(of.size())));
      var before = written(file);
      while (written(file).equals(before) && System.nanoTime() < end) {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
      }
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(20_000)));
    }
    agent.kill();
  }

  private static FileTime written(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file);
    } catch (NoSuchFileException e) {
      return FileTime.fromMillis(0);
    }
  }

  /** Whole after every kill, and never behind where it was. */
  private static long windowAfter(AgentProcess agent, long before) throws IOException {
    var file = agent.state("command-windows.json");
    if (!Files.exists(file)) {
      assertThat(before).isNegative();
      return before;
    }
    var windows = JSON.readTree(Files.readString(file));
    assertThat(windows.size()).isEqualTo(1);
    var top = windows.iterator().next().path("top").asLong();
    assertThat(top).isGreaterThanOrEqualTo(before);
    return top;
  }

  /** Also of jobs that no device was given yet: they are handed out a little later. */
  private static boolean isSettled(AgentProcess agent, String id, int jobs) {
    var shadow = operator.get("devices/" + id + "/shadow").path("state");
    var commands = operator.get("devices/" + id + "/commands?limit=1000").path("commands");
    var rotations = operator.get("rotation/devices?state=proven");
    return agent.hasSaidAll()
        && shadow.path("reported").path("interval").asInt() == 1
        && !shadow.path("delta").has("interval")
        && commands
            .valueStream()
            .allMatch(one -> Set.of("executed", "failed").contains(one.path("status").asString()))
        && succeeded(id) == jobs
        && rotations.toString().contains("\"" + id + "\"");
  }

  private static int succeeded(String id) {
    var executions = operator.get("devices/" + id + "/jobs?limit=1000").toString();
    return executions.split("SUCCEEDED", -1).length - 1;
  }

  private static Set<String> heard(String id) {
    return HEARD.getOrDefault(id, Set.of());
  }

  private static void doneOnce(AgentProcess agent, String id, Map<String, Integer> sent) {
    var commands = new HashMap<Integer, Integer>();
    var jobs = new HashMap<Integer, Integer>();
    int resumed = 0;
    for (var run : agent.runs()) {
      if (run.has("command")) {
        commands.merge(run.path("arguments").path("n").asInt(), 1, Integer::sum);
      } else if (run.path("resumed").asBoolean()) {
        resumed++;
      } else {
        jobs.merge(run.path("document").path("n").asInt(), 1, Integer::sum);
      }
    }
    assertThat(commands.values()).as("times that a command was done").containsOnly(1);
    var answered = operator.get("devices/" + id + "/commands?limit=1000").path("commands");
    assertThat(answered.size()).isEqualTo(sent.size());
    for (var one : answered) {
      if (one.path("status").asString().equals("executed")) {
        assertThat(commands).containsKey(sent.get(one.path("id").asString()));
        assertThat(one.path("proof").asString()).isEqualTo("device-key");
      } else {
        assertThat(one.path("reason").asString()).isEqualTo("unknown");
      }
    }
    // At most one command of each kill is one that nobody can know of any more.
    assertThat(commands.size()).isGreaterThanOrEqualTo(sent.size() - KILLS);
    assertThat(jobs.values()).as("times that a job was begun as new").containsOnly(1);
    assertThat(resumed).as("jobs begun again, told so").isLessThanOrEqualTo(KILLS);
  }
}
