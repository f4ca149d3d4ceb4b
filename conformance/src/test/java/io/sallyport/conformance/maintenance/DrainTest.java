package io.sallyport.conformance.maintenance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.Patience;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.MqttClient.Connect;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole process is emptied, and ends in order; nothing acknowledged is lost by it. */
class DrainTest {
  private static final int PUBLISH = 3;
  private static final int MOST = 800;

  @TempDir Path folder;

  @Test
  void aDrainShowsHowFarItIsAndCanBeTakenBack() throws Exception {
    try (var installation = new Installation(folder, "names: [localhost]\n")) {
      var devices = installation.devices("one", "two");
      try (var one = connected(devices.getFirst());
          var two = connected(devices.getLast())) {
        var ran = installation.product.cli("drain", "--to", "gate2.example.org:8883");
        assertThat(ran.expecting(0).out()).contains("2 sent away, 0 connected");
        for (var client : List.of(one, two)) {
          var farewell = client.receive();
          assertThat(farewell.at(0)).isEqualTo(0x9C);
          assertThat(new String(farewell.body(), UTF_8)).contains("gate2.example.org:8883");
        }
      }
      assertThat(installation.product.cli("status").expecting(0).out())
          .containsPattern("drain.draining +true")
          .containsPattern("drain.sent +2");
      new Ledger(installation.product).expect("drain-begun", "server", "gate2.example.org");
      installation.product.cli("undrain").expecting(0);
      installation.product.cli("undrain").expecting(1);
      connected(devices.getFirst()).close();
      assertThat(installation.product.cli("drain", "--rate", "fast").expecting(2).err())
          .contains("200/s");
    }
  }

  @Test
  void nothingAcknowledgedIsLostByARestart() throws Exception {
    try (var installation = new Installation(folder, "drain: {to: 'gate2.example.org:8883'}\n")) {
      var devices = installation.devices("keeper", "writer");
      var keeper = devices.getFirst();
      try (var client = client(keeper)) {
        client.connect(persistent(keeper));
        client.subscribe("work/#");
        client.disconnect();
      }
      var acknowledged = new ConcurrentLinkedQueue<String>();
      var farewell = new ConcurrentLinkedQueue<Integer>();
      var writing =
          Thread.ofPlatform().start(() -> write(devices.getLast(), acknowledged, farewell));
      Patience.until("messages under way", () -> acknowledged.size() > 50);

      installation.product.signal("TERM");

      installation.product.ended().expecting(0);
      writing.join();
      assertThat(farewell).containsExactly(0x9C);
      installation.product.restart();
      try (var client = client(keeper)) {
        assertThat(client.connect(persistent(keeper)).at(0)).as("the session is there").isOne();
        assertThat(heard(client, acknowledged.size())).containsAll(acknowledged);
      }
      installation.product.cli("ledger", "verify").expecting(0);
    }
  }

  @Test
  void aSecondSignalEndsItAtOnce() throws Exception {
    var slow = "drain: {rate: 1, timeout: 10m}\n";
    try (var installation = new Installation(folder, slow)) {
      var ids = IntStream.range(0, 40).mapToObj(i -> "d-" + i).toArray(String[]::new);
      var clients = new ArrayList<MqttClient>();
      for (var device : installation.devices(ids)) {
        clients.add(connected(device));
      }
      installation.product.signal("TERM");
      Patience.until("a drain", () -> status(installation).matches("(?s).*drain.draining +true.*"));
      installation.product.signal("TERM");

      installation.product.ended().expecting(143);
      for (var client : clients) {
        client.close();
      }
    }
  }

  private static String status(Installation installation) {
    return installation.product.cli("status").expecting(0).out();
  }

  /** One after the other at QoS 1 until it is sent away. */
  private static void write(Endpoint writer, Queue<String> acknowledged, Queue<Integer> farewell) {
    try (var client = client(writer)) {
      client.connect(new Connect(writer.clientId()));
      for (int i = 1; i <= MOST; i++) {
        var text = "m" + i;
        client.publish("work/" + i % 7, text.getBytes(UTF_8), 1, false, i);
        var answer = client.receive();
        if (answer.type() != 4) {
          farewell.add(answer.at(0));
          return;
        }
        acknowledged.add(text);
      }
    } catch (IOException e) {
      farewell.add(-1);
    }
  }

  private static Set<String> heard(MqttClient client, int most) throws IOException {
    var heard = new HashSet<String>();
    while (heard.size() < most) {
      var packet = client.receive();
      if (packet.type() == PUBLISH) {
        var body = packet.body();
        int topic = packet.u16(0);
        int id = packet.u16(2 + topic);
        int properties = packet.at(4 + topic);
        int start = 5 + topic + properties;
        heard.add(new String(body, start, body.length - start, UTF_8));
        client.packet(0x40, new Bytes().u16(id).done());
      }
    }
    return heard;
  }

  private static Connect persistent(Endpoint who) {
    return new Connect(who.clientId())
        .keepSession()
        .properties(new Bytes().u8(0x11).u32(3_600).done());
  }

  private static MqttClient connected(Endpoint who) throws IOException {
    var client = client(who);
    assertThat(client.connect(who.clientId()).at(1)).isZero();
    return client;
  }

  private static MqttClient client(Endpoint who) throws IOException {
    return MqttClient.v5(who.bundle().identity().sslContext(), who.port());
  }
}
