package io.sallyport.exchange.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Subscription;
import io.sallyport.exchange.Will;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a device's session is at a broker that really runs. */
class UpstreamExchangeTest {
  @TempDir Path folder;
  private RealBroker broker;
  private UpstreamLab lab;

  @BeforeEach
  void start() {
    broker = RealBroker.start(folder);
    lab = new UpstreamLab(folder, broker.address());
  }

  @AfterEach
  void stop() {
    lab.close();
    broker.close();
  }

  private void use(UpstreamSettings.Protocol protocol) {
    lab.close();
    lab =
        new UpstreamLab(
            folder, UpstreamLab.settings(broker.address(), protocol), (_, _, _) -> true);
  }

  @ParameterizedTest
  @EnumSource(UpstreamSettings.Protocol.class)
  void carriesEachQualityOfService(UpstreamSettings.Protocol protocol) throws Exception {
    use(protocol);
    var reader = lab.device("reader").connected();
    var writer = lab.device("writer").connected();
    reader.subscribes("t/#", 2);

    writer.publishes("t/0", "zero", 0, false, 0);
    reader.hears("t/0 zero q0");
    writer.publishes("t/1", "one", 1, false, 11);
    writer.hears("puback 11 SUCCESS");
    reader.hears("t/1 one q1");
    writer.publishes("t/2", "two", 2, false, 12);
    writer.hears("pubrec 12 SUCCESS");
    writer.says(s -> s.pubrel(12));
    writer.hears("pubcomp 12 SUCCESS");
    reader.hears("t/2 two q2");

    reader.says(s -> s.unsubscribe(8, List.of("t/#")));
    reader.hears("unsuback 8 [0]");
    writer.publishes("t/1", "none", 1, false, 13);
    assertThat(writer.hearsSomething()).startsWith("puback 13");
    assertThat(reader.told).isEmpty();
    assertThat(lab.exchange.statistics().delivered()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(UpstreamSettings.Protocol.class)
  void resumesASessionAndKeepsWhatCameMeanwhile(UpstreamSettings.Protocol protocol)
      throws Exception {
    use(protocol);
    var writer = lab.device("writer").connected();
    var sleeper = lab.device("sleeper").open(true, 600);
    sleeper.hears("connected false");
    sleeper.subscribes("t/#", 1);
    sleeper.says(s -> s.disconnect(false, -1));
    for (int number = 1; number <= 3; number++) {
      writer.publishes("t/x", "m" + number, 1, false, number);
      writer.hears("puback " + number + " SUCCESS");
    }

    var back = lab.device("sleeper").open(false, 600);
    back.hears("connected true");
    back.hears("t/x m1 q1");
    back.hears("t/x m2 q1");
    back.hears("t/x m3 q1");
    back.says(s -> s.disconnect(false, -1));

    lab.device("sleeper").open(true, 600).hears("connected false");
  }

  @Test
  void asksForMoreThanTheBrokerTakesAtOnceWithoutLosingOrder() throws Exception {
    var reader = lab.device("reader").connected();
    var writer = lab.device("writer").connected();
    reader.subscribes("t", 1);
    writer.says(
        s -> {
          for (int number = 1; number <= 200; number++) {
            s.publish(writer.message("t", "m" + number, 1, false), number, false);
          }
        });
    for (int number = 1; number <= 200; number++) {
      writer.hears("puback " + number + " SUCCESS");
      reader.hears("t m" + number + " q1");
    }
  }

  @Test
  void deniesADeliveryAsIfItHadBeenTaken() throws Exception {
    var reader = lab.device("reader").connected();
    var writer = lab.device("writer").connected();
    reader.subscribes("t/#", 2);
    reader.allows = message -> !message.topicText().startsWith("t/secret");
    for (int qos = 0; qos <= 2; qos++) {
      writer.publishes("t/secret/" + qos, "no", qos, false, qos == 0 ? 0 : 20 + qos);
    }
    writer.hears("puback 21 SUCCESS");
    writer.hears("pubrec 22 SUCCESS");
    writer.says(s -> s.pubrel(22));
    writer.hears("pubcomp 22 SUCCESS");
    writer.publishes("t/open", "yes", 1, false, 23);
    reader.hears("t/open yes q1");
    assertThat(lab.exchange.statistics().droppedDenied()).isEqualTo(3);
  }

  @Test
  void takesFiltersAwayThatAreNoLongerAllowed() throws Exception {
    var reader = lab.device("reader").connected();
    var writer = lab.device("writer").connected();
    reader.subscribes("a", 1);
    reader.subscribes("b", 1);

    assertThat(reader.revalidates(filter -> filter.equals("b"))).containsExactly("a");

    reader.subscribes("c", 1);
    writer.publishes("a", "gone", 1, false, 1);
    assertThat(writer.hearsSomething()).startsWith("puback 1");
    writer.publishes("b", "there", 1, false, 2);
    reader.hears("b there q1");
    assertThat(lab.exchange.statistics().droppedDenied()).isZero();
  }

  @Test
  void keepsSubscriptionOptionsAndIdentifiers() throws Exception {
    var device = lab.device("device").connected();
    device.says(s -> s.subscribe(1, List.of(new Subscription("n", 1, true, false, 0, 0))));
    device.hears("suback 1 [1]");
    device.says(s -> s.subscribe(2, List.of(new Subscription("i", 1, false, true, 0, 42))));
    device.hears("suback 2 [1]");
    device.publishes("n", "own", 1, false, 1);
    assertThat(device.hearsSomething()).startsWith("puback 1");
    device.publishes("i", "kept", 0, true, 0);
    device.hears("i kept q0 retained [42]");
  }

  @Test
  void publishesTheWillOfADeviceThatIsLost() throws Exception {
    var heir = lab.device("heir").connected();
    heir.subscribes("will", 1);
    var dying = lab.device("dying");
    dying.open(true, 0, new Will(dying.message("will", "gone", 1, false), 0));
    dying.hears("connected false");
    dying.says(s -> s.lost());
    heir.hears("will gone q1");
  }

  @Test
  void keepsAWillBackThatIsNoLongerAllowed() throws Exception {
    lab.close();
    lab =
        new UpstreamLab(
            folder,
            UpstreamLab.settings(broker.address(), UpstreamSettings.Protocol.V5),
            (_, _, _) -> false);
    var heir = lab.device("heir").connected();
    heir.subscribes("will", 1);
    var dying = lab.device("dying");
    dying.open(true, 0, new Will(dying.message("will", "gone", 1, false), 0));
    dying.hears("connected false");
    dying.says(s -> s.lost());
    var writer = lab.device("writer").connected();
    writer.publishes("will", "mark", 1, false, 1);
    heir.hears("will mark q1");
  }

  @Test
  void givesTheClientIdToWhoComesLast() throws Exception {
    var first = lab.device("twin").connected();
    var second = lab.device("twin").connected();
    first.hears("close SESSION_TAKEN_OVER");
    second.publishes("t", "x", 1, false, 1);
    assertThat(second.hearsSomething()).startsWith("puback 1");
    assertThat(lab.exchange.statistics().sessionsOnline()).isEqualTo(1);
  }

  @Test
  void holdsTheBrokerBackForASlowDevice() throws Exception {
    var writer = lab.device("writer").connected();
    var slow = lab.device("slow").connected();
    slow.subscribes("t", 0);
    slow.writable = false;
    int sent = 900;
    writer.says(
        s -> {
          for (int number = 1; number <= sent; number++) {
            s.publish(writer.message("t", "0123456789".repeat(400), 0, false), 0, false);
          }
        });
    writer.publishes("done", "x", 1, false, 1);
    assertThat(writer.hearsSomething()).startsWith("puback 1");
    eventually(() -> !slow.told.isEmpty());
    // What the broker sends meanwhile must stay before the device's door.
    Thread.sleep(300);
    assertThat(slow.told).as("what was on its way when it stopped").hasSizeLessThan(20);

    int held = slow.told.size();
    slow.writable = true;
    slow.says(s -> s.writable());
    eventually(() -> slow.told.size() > held);
  }

  private static void eventually(BooleanSupplier condition) throws InterruptedException {
    for (int step = 0; step < 2_000 && !condition.getAsBoolean(); step++) {
      Thread.sleep(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void tellsTheDeviceThatTheBrokerIsGoneAndLetsItComeBack() throws Exception {
    var writer = lab.device("writer").connected();
    var sleeper = lab.device("sleeper").open(false, 600);
    sleeper.hears("connected false");
    // Mosquitto 2.0.11 writes no session to its file that began with Clean Start.
    sleeper.subscribes("t", 1);
    sleeper.says(s -> s.disconnect(false, -1));
    for (int number = 1; number <= 50; number++) {
      writer.publishes("t", "m" + number, 1, false, number);
      writer.hears("puback " + number + " SUCCESS");
    }
    broker.saves();

    broker.kill();

    writer.hears("close SERVER_UNAVAILABLE");
    lab.device("writer").open(true, 0).hears("close SERVER_UNAVAILABLE");
    broker.restart();
    var back = opened("sleeper", false, 600);
    for (int number = 1; number <= 50; number++) {
      back.hears("t m" + number + " q1");
    }
    assertThat(lab.exchange.statistics().brokerLosses()).isPositive();
  }

  /** Tries again as a device does, until the broker is reached. */
  private Device opened(String id, boolean cleanStart, long expiry) throws Exception {
    for (int attempt = 0; attempt < 100; attempt++) {
      var device = lab.device(id).open(cleanStart, expiry);
      if (device.hearsSomething().startsWith("connected")) {
        return device;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("never connected");
  }

  @Test
  void goesToTheSecondAddressWhenTheFirstIsDown() throws Exception {
    lab.close();
    int dead = RealBroker.freePort();
    lab = new UpstreamLab(folder, "tcp://127.0.0.1:" + dead + ",127.0.0.1:" + broker.port());
    var device = lab.device("device").connected();
    device.publishes("t", "x", 1, false, 1);
    assertThat(device.hearsSomething()).startsWith("puback 1");
  }

  @ParameterizedTest
  @EnumSource(UpstreamSettings.Protocol.class)
  void endsEverythingOfAConnectedDevice(UpstreamSettings.Protocol protocol) throws Exception {
    use(protocol);
    var heir = lab.device("heir").connected();
    heir.subscribes("will", 1);
    var device = lab.device("bad");
    device.open(true, 600, new Will(device.message("will", "no", 1, false), 0));
    device.hears("connected false");
    device.subscribes("in", 1);
    for (int number = 1; number <= 3; number++) {
      device.publishes("kept/" + number, "x", 1, true, number);
      assertThat(device.hearsSomething()).startsWith("puback " + number);
    }

    var ended = lab.exchange.end(device.principal, Reason.ADMINISTRATIVE_ACTION);

    device.hears("close ADMINISTRATIVE_ACTION");
    assertThat(ended.outletsClosed()).isEqualTo(1);
    assertThat(ended.sessions()).isEqualTo(1);
    assertThat(ended.subscriptions()).isEqualTo(1);
    assertThat(ended.wills()).isEqualTo(1);
    assertThat(ended.retained()).isEqualTo(3);
    nothingIsLeftOf("bad", heir);
  }

  private void nothingIsLeftOf(String id, Device heir) throws Exception {
    var late = lab.device("late").connected();
    late.subscribes("kept/#", 1);
    late.publishes("kept/mark", "mark", 1, false, 1);
    assertThat(List.of(late.hearsSomething(), late.hearsSomething()))
        .contains("kept/mark mark q1")
        .anyMatch(line -> line.startsWith("puback 1"));
    late.publishes("will", "mark", 1, false, 2);
    heir.hears("will mark q1");
    lab.device(id).open(false, 600).hears("connected false");
  }

  @Test
  void endsEverythingOfADeviceThatIsAwayAfterARestart() throws Exception {
    var heir = lab.device("heir").connected();
    heir.subscribes("will", 1);
    var device = lab.device("bad");
    device.open(true, 600, new Will(device.message("will", "no", 1, true), 3));
    device.hears("connected false");
    device.subscribes("in", 1);
    device.publishes("kept/1", "x", 0, true, 0);
    device.publishes("kept/2", "x", 1, true, 2);
    assertThat(device.hearsSomething()).startsWith("puback 2");
    device.says(s -> s.lost());
    lab.close();
    lab = new UpstreamLab(folder, broker.address());
    var heirAgain = lab.device("heir").connected();
    heirAgain.subscribes("will", 1);

    var ended = lab.exchange.end(device.principal, Reason.ADMINISTRATIVE_ACTION);

    assertThat(ended.outletsClosed()).isZero();
    assertThat(ended.sessions()).isEqualTo(1);
    assertThat(ended.subscriptions()).isEqualTo(1);
    assertThat(ended.retained()).as("with the will's topic").isEqualTo(3);
    heirAgain.hears("will  q1");
    Thread.sleep(3_500);
    nothingIsLeftOf("bad", heirAgain);
  }

  @Test
  void endsItWhenTheBrokerIsBackIfItWasAway() throws Exception {
    var device = lab.device("bad").open(true, 600);
    device.hears("connected false");
    device.publishes("kept/1", "x", 1, true, 1);
    assertThat(device.hearsSomething()).startsWith("puback 1");
    broker.saves();
    broker.kill();
    device.hears("close SERVER_UNAVAILABLE");

    assertThatThrownBy(() -> lab.exchange.end(device.principal, Reason.ADMINISTRATIVE_ACTION))
        .hasMessageContaining("as soon as it answers");
    assertThat(lab.exchange.statistics().purgesPending()).isEqualTo(1);
    lab.device("bad").open(false, 600).hears("close SERVER_UNAVAILABLE");
    broker.restart();
    eventually(() -> lab.exchange.statistics().purgesPending() == 0);
    var late = opened("late", true, 0);
    late.subscribes("kept/#", 1);
    late.publishes("kept/mark", "mark", 1, false, 1);
    assertThat(List.of(late.hearsSomething(), late.hearsSomething())).contains("kept/mark mark q1");
  }
}
