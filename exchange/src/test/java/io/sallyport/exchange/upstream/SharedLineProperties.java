package io.sallyport.exchange.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.exchange.Will;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Devices that share one connection, in interleavings that a seed makes, with devices lost in the
 * middle of a flow and the connection cut: what each of them was promised holds as it would alone.
 */
class SharedLineProperties {
  private static final int DEVICES = 6;
  private static final int STEPS = 900;

  @TempDir Path folder;
  private RealBroker broker;
  private Wire wire;
  private UpstreamLab devices;
  private UpstreamLab desk;

  @BeforeEach
  void start() throws IOException {
    // A window that is smaller than the devices together, so that they wait for each other.
    broker = RealBroker.start(folder, "max_inflight_messages 5", "max_queued_messages 0");
    wire = new Wire(broker.port());
    var plain =
        UpstreamLab.settings("tcp://127.0.0.1:" + wire.port(), UpstreamSettings.Protocol.V5);
    var sharing =
        new UpstreamSettings(
            plain.upstream(),
            plain.tls(),
            plain.credential(),
            plain.protocol(),
            false,
            plain.connectTimeout(),
            Duration.ofMillis(100),
            plain.keepAliveSeconds(),
            plain.packetSizeMax(),
            new UpstreamSettings.Sharing(1, "gateway"));
    devices =
        new UpstreamLab(
            Files.createDirectory(folder.resolve("devices")), sharing, UpstreamLab.ALL_WILLS);
    desk = new UpstreamLab(Files.createDirectory(folder.resolve("desk")), broker.address());
  }

  @AfterEach
  void stop() {
    devices.close();
    desk.close();
    wire.close();
    broker.close();
  }

  /** One device in the course of time, with what it sent and what was acknowledged. */
  private final class Sender {
    final String id;
    final Set<String> acknowledged = new HashSet<>();
    final Map<Integer, String> open = new HashMap<>();
    private Device device;
    private int number;
    private int lastId;

    Sender(int index) throws InterruptedException {
      id = "sender-" + index;
      device = again();
    }

    private Device again() throws InterruptedException {
      for (int attempt = 0; attempt < 200; attempt++) {
        var next = devices.device(id).open(true, 0);
        if (next.hearsSomething().startsWith("connected")) {
          open.clear();
          return next;
        }
        Thread.sleep(20);
      }
      throw new AssertionError("never connected: " + id);
    }

    void publishes(int qos) {
      var text = qos + " " + number++;
      lastId = lastId % 20 + 1;
      if (qos > 0 && open.containsKey(lastId)) {
        return;
      }
      if (qos > 0) {
        open.put(lastId, text);
      }
      device.publishes("from/" + id, text, qos, false, qos == 0 ? 0 : lastId);
    }

    void isLost() throws InterruptedException {
      device.says(session -> session.lost());
      hears();
      device = again();
    }

    /** Takes in what it was told; comes back if it was sent away. */
    void hears() throws InterruptedException {
      boolean isClosed = false;
      for (var line = device.told.poll(); line != null; line = device.told.poll()) {
        var words = line.split(" ", -1);
        isClosed |= words[0].equals("close");
        if (words[0].startsWith("pub")) {
          answered(words[0], Integer.parseInt(words[1]), words[2]);
        }
      }
      if (isClosed) {
        device = again();
      }
    }

    private void answered(String kind, int packetId, String reason) {
      assertThat(reason).isIn("SUCCESS", "NO_MATCHING_SUBSCRIBERS");
      var text = open.get(packetId);
      assertThat(text).as("an answer to what is open: %s %s", kind, packetId).isNotNull();
      switch (kind) {
        case "puback" -> {
          assertThat(text).startsWith("1 ");
          acknowledged.add(open.remove(packetId));
        }
        case "pubrec" -> {
          assertThat(text).startsWith("2 ");
          acknowledged.add(text);
          device.says(session -> session.pubrel(packetId));
        }
        default -> open.remove(packetId);
      }
    }

    void finishes() throws InterruptedException {
      for (int step = 0; step < 1_000 && !open.isEmpty(); step++) {
        hears();
        Thread.sleep(10);
      }
      assertThat(open).as("answered in the end").isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatEachDeviceWasPromisedHolds(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    var reader = desk.device("reader").connected();
    reader.subscribes("from/#", 2);
    var senders = new ArrayList<Sender>();
    for (int index = 0; index < DEVICES; index++) {
      senders.add(new Sender(index));
    }
    for (int step = 0; step < STEPS; step++) {
      var sender = senders.get(random.nextInt(DEVICES));
      switch (random.nextInt(150)) {
        case 0 -> sender.isLost();
        case 1 -> {
          if (seed % 2 == 0) {
            wire.cut();
          }
        }
        case 2, 3, 4, 5 -> Thread.sleep(random.nextInt(10));
        case 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22 -> sender.hears();
        default -> sender.publishes(random.nextInt(3));
      }
    }
    for (var sender : senders) {
      sender.finishes();
    }
    assertThat(broker.log()).contains("u'gateway'").doesNotContain("as sender-");
    Thread.sleep(300);
    var heard = new ArrayList<>(reader.told);
    assertThat(senders.stream().mapToInt(sender -> sender.acknowledged.size()).sum())
        .as("the test is about something, however slow the machine")
        .isGreaterThan(DEVICES);
    for (var sender : senders) {
      holds(sender, heard);
    }
  }

  private static void holds(Sender sender, List<String> heard) {
    var own =
        heard.stream()
            .filter(line -> line.startsWith("from/" + sender.id + " "))
            .map(line -> line.substring(line.indexOf(' ') + 1, line.lastIndexOf(" q")))
            .toList();
    assertThat(own).as("nothing acknowledged is lost").containsAll(sender.acknowledged);
    for (var qos : List.of("0 ", "1 ", "2 ")) {
      var numbers =
          own.stream()
              .filter(text -> text.startsWith(qos))
              .map(text -> Integer.valueOf(text.substring(2)))
              .toList();
      assertThat(numbers).as("the order of QoS %s", qos).isSorted();
      assertThat(numbers).as("never twice: nobody sent twice").doesNotHaveDuplicates();
    }
  }

  @Test
  void aDeviceWithAWillHasAConnectionOfItsOwnAndItsWillComes() throws Exception {
    var heir = desk.device("heir").connected();
    heir.subscribes("will", 1);
    var mortal = devices.device("mortal");
    mortal.open(true, 0, new Will(mortal.message("will", "gone", 1, false), 0));
    mortal.hears("connected false");
    assertThat(broker.log()).contains("as mortal");
    mortal.says(session -> session.lost());
    heir.hears("will gone q1");
  }

  @Test
  void aDeviceThatSubscribesComesAgainAndHasAConnectionOfItsOwn() throws Exception {
    var device = devices.device("curious").connected();
    device.says(
        session ->
            session.subscribe(
                1, List.of(new io.sallyport.exchange.Subscription("t", 1, false, false, 0, 0))));
    device.hears("close IMPLEMENTATION_SPECIFIC_ERROR");
    var again = devices.device("curious").connected();
    again.subscribes("t", 1);
    assertThat(broker.log()).contains("as curious");
  }

  @Test
  void oneThatReleasesNothingHoldsNobodyUp() throws Exception {
    var idle = devices.device("idle").connected();
    for (int id = 1; id <= 20; id++) {
      idle.publishes("t", "x", 2, false, id);
      assertThat(idle.hearsSomething()).startsWith("pubrec " + id);
    }
    var other = devices.device("other").connected();
    other.publishes("t", "x", 1, false, 1);
    assertThat(other.hearsSomething()).startsWith("puback 1");
    idle.publishes("t", "x", 2, false, 3);
    idle.hears("pubrec 3 SUCCESS");
    idle.says(session -> session.pubrel(3));
    idle.hears("pubcomp 3 SUCCESS");
    idle.says(session -> session.pubrel(3));
    idle.hears("pubcomp 3 PACKET_IDENTIFIER_NOT_FOUND");
  }

  /** A wire to the broker that can be cut without a word. */
  private static final class Wire implements AutoCloseable {
    private final ServerSocket door;
    private final int target;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

    Wire(int target) throws IOException {
      this.target = target;
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
      return door.getLocalPort();
    }

    private void accept() {
      try {
        while (!door.isClosed()) {
          var near = door.accept();
          var far = new Socket(InetAddress.getLoopbackAddress(), target);
          open.add(near);
          open.add(far);
          Thread.ofPlatform().daemon().start(() -> carry(near, far));
          Thread.ofPlatform().daemon().start(() -> carry(far, near));
        }
      } catch (IOException _) {
        // Closed.
      }
    }

    private static void carry(Socket from, Socket to) {
      try (from;
          to) {
        from.getInputStream().transferTo(to.getOutputStream());
      } catch (IOException _) {
        // Cut.
      }
    }

    void cut() throws IOException {
      for (var socket = open.poll(); socket != null; socket = open.poll()) {
        socket.close();
      }
    }

    @Override
    public void close() {
      try {
        door.close();
        cut();
      } catch (IOException _) {
        // Nobody comes any more either way.
      }
    }
  }
}
