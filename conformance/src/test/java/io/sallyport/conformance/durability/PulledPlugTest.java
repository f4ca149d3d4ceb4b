package io.sallyport.conformance.durability;

import static io.sallyport.conformance.clients.HiveMq.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.sallyport.conformance.clients.HiveMq;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Lab;
import io.sallyport.conformance.product.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** {@code kill -9} of the whole process with messages in flight, at moments that a seed chooses. */
class PulledPlugTest {
  private static final long SEED = 20_260_101;
  private static final int ROUNDS = 3;
  private static final long AN_HOUR = 3600;

  /** Bound: fewer than the default most that wait for one session, so that none is refused. */
  private static final int MOST = 600;

  private static final int WINDOW = 20;

  @Test
  void everythingAcknowledgedArrivesAfterTheRestart() throws Exception {
    var random = new SplittableRandom(SEED);
    try (var lab = Lab.open()) {
      var offline = new Reader(lab.openClient());
      var online = new Reader(lab.openClient());
      var writers = List.of(lab.openClient(), lab.openClient());
      offline.subscribe();
      for (var round = 0; round < ROUNDS; round++) {
        online.subscribe();
        offline.leave();
        var enough = 1 + random.nextInt(MOST - 2 * WINDOW);
        var acknowledged = publishUntilThePlugIsPulled(lab, round, writers, enough);
        lab.product().restart();

        offline.comeBack();
        online.comeBack();
        offline.hears(acknowledged);
        online.hears(acknowledged);
        assertThat(offline.heard.stream().filter(text -> text.startsWith("2:")).toList())
            .as("QoS 2 in round %d, never twice", round)
            .doesNotHaveDuplicates();
        lab.product().cli("ledger", "verify").expecting(0);
      }
      assertThat(lab.product().cli("device", "list", "--json").expecting(0).out())
          .contains(writers.getFirst().clientId(), writers.getLast().clientId());
    }
  }

  /** Publishes at QoS 1 and 2 at once, and gives what was acknowledged before the end. */
  private static Queue<String> publishUntilThePlugIsPulled(
      Lab lab, int round, List<Endpoint> writers, int enough) throws Exception {
    var acknowledged = new ConcurrentLinkedQueue<String>();
    var running = new ArrayList<Thread>();
    for (var qos = 1; qos <= 2; qos++) {
      var client = HiveMq.v5(writers.get(qos - 1));
      await(client.connect());
      var prefix = qos + ":" + round + ":";
      var level = qos == 1 ? MqttQos.AT_LEAST_ONCE : MqttQos.EXACTLY_ONCE;
      running.add(Thread.ofVirtual().start(() -> publish(client, prefix, level, acknowledged)));
    }
    Patience.until(enough + " acknowledged messages", () -> acknowledged.size() >= enough);
    lab.product().kill();
    for (var thread : running) {
      thread.join();
    }
    return acknowledged;
  }

  /** Goes on, a window at a time, until the connection breaks. */
  private static void publish(
      Mqtt5AsyncClient client, String prefix, MqttQos qos, Queue<String> acknowledged) {
    var window = new Semaphore(WINDOW);
    var broken = new ConcurrentLinkedQueue<Throwable>();
    for (var number = 0; number < MOST / 2 && broken.isEmpty(); number++) {
      window.acquireUninterruptibly();
      var text = prefix + number;
      var _ =
          client
              .publishWith()
              .topic("plug/" + number % 7)
              .qos(qos)
              .payload(text.getBytes(UTF_8))
              .send()
              .whenComplete(
                  (_, failure) -> {
                    if (failure == null) {
                      acknowledged.add(text);
                    } else {
                      broken.add(failure);
                    }
                    window.release();
                  });
    }
  }

  /** A subscriber whose session outlives the process that keeps it. */
  private static final class Reader {
    final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final Endpoint who;
    private Mqtt5AsyncClient client;

    Reader(Endpoint who) {
      this.who = who;
      client = HiveMq.v5(who);
    }

    void subscribe() throws Exception {
      if (!client.getState().isConnected()) {
        connect();
      }
      await(client.subscribeWith().topicFilter("plug/#").qos(MqttQos.EXACTLY_ONCE).send());
    }

    void leave() throws Exception {
      await(client.disconnect());
    }

    void comeBack() throws Exception {
      assertThat(connect()).as("the session is there").isTrue();
    }

    void hears(Queue<String> expected) {
      Patience.until(
          expected.size() + " acknowledged messages at " + who.clientId(),
          () -> heard.containsAll(expected));
    }

    private boolean connect() throws Exception {
      client = HiveMq.v5(who);
      client.publishes(MqttGlobalPublishFilter.ALL, this::hear);
      return await(client.connectWith().cleanStart(false).sessionExpiryInterval(AN_HOUR).send())
          .isSessionPresent();
    }

    private void hear(Mqtt5Publish publish) {
      heard.add(new String(publish.getPayloadAsBytes(), UTF_8));
    }
  }
}
