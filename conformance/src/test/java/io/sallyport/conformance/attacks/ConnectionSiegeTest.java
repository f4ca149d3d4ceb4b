package io.sallyport.conformance.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Patience;
import io.sallyport.testkit.MqttClient;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Floods of connections, and who is served meanwhile. */
@SuppressWarnings("NullAway.Init")
class ConnectionSiegeTest {
  private static final int HALF_OPEN = 10_000;
  private static final int BEYOND = 20;

  /** What a process may have open besides. */
  private static final int OTHER_FILES = 1_000;

  /** The head of a TLS record, and the first bytes of a ClientHello of 512. */
  private static final byte[] BEGUN = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3};

  @TempDir static Path folder;
  private static Besieged gate;

  @BeforeAll
  static void open() throws IOException {
    gate = Besieged.open(folder);
  }

  @AfterAll
  static void close() throws IOException {
    gate.close();
  }

  @Test
  void tenThousandHalfOpenConnections() throws IOException {
    var held = new ArrayList<Socket>();
    try {
      var sources = filesAllowed() / Besieged.HANDSHAKES_OF_SOURCE;
      for (var source = 1; source <= sources; source++) {
        for (var number = 0; number < Besieged.HANDSHAKES_OF_SOURCE; number++) {
          var socket = gate.from("127.1." + source + ".1");
          held.add(socket);
          if (number % 2 == 0) {
            socket.getOutputStream().write(BEGUN);
          }
        }
        gate.servesTheHonest(5);
      }
      oneMoreOfEachSourceIsClosed(sources);
      try (var comes = gate.connected(Besieged.KNOWN, 5)) {
        assertThat(comes.ping().type()).isEqualTo(13);
      }
      gate.servesTheHonest(100);
      gate.staysWithinItsMemory();
    } finally {
      closeAll(held);
    }
  }

  private static void oneMoreOfEachSourceIsClosed(int sources) throws IOException {
    for (var source = 1; source <= Math.min(sources, BEYOND); source++) {
      // Another address of the same /24.
      try (var beyond = gate.from("127.1." + source + ".9")) {
        assertThat(isClosed(beyond)).as("one more of source %s", source).isTrue();
      }
    }
  }

  /** Established sessions, then those who were here before; strangers by their rate. */
  @Test
  void knownDevicesGoFirst() throws Exception {
    var known = gate.identity(Besieged.KNOWN);
    try (var before = MqttClient.over(gate.from("127.2.1.1", known), 5)) {
      assertThat(before.connect(Besieged.KNOWN).at(1)).isZero();
    }
    var strangers = new ArrayList<Thread>();
    var flood = new Flood(gate);
    for (var number = 0; number < 2; number++) {
      strangers.add(Thread.ofPlatform().daemon().start(flood));
    }
    Patience.until("strangers are held off", () -> flood.refused() > 20);
    var refusedBefore = flood.refused();
    for (var number = 0; number < 20; number++) {
      gate.servesTheHonest(5);
      try (var back = MqttClient.over(gate.from("127.2.1.1", known), 5)) {
        assertThat(back.connect(Besieged.KNOWN).at(1)).as("return %s", number).isZero();
      }
    }
    flood.stop();
    for (var thread : strangers) {
      thread.join();
    }
    assertThat(flood.refused()).as("of the strangers meanwhile").isGreaterThan(refusedBefore);
    assertThat(flood.letIn())
        .as("strangers in %s s", flood.seconds())
        .isLessThanOrEqualTo((flood.seconds() + 3) * Besieged.FULL_HANDSHAKES_OF_SOURCE);
    gate.staysWithinItsMemory();
  }

  /** A copied first flight opens nothing, however often it comes, and stops nobody. */
  @Test
  void aFirstFlightThatIsReplayed() throws Exception {
    var known = gate.identity(Besieged.KNOWN);
    var flights = new CopyOnWriteArrayList<byte[]>();
    try (var wire = Wire.recording(gate.product().mqttPort(), flights)) {
      for (var time = 0; time < 2; time++) {
        try (var client = MqttClient.over(MqttClient.socket(known, wire.port()), 5)) {
          assertThat(client.connect(Besieged.KNOWN).at(1)).isZero();
          client.ping();
        }
      }
      var resumption = flights.get(1);
      for (var number = 0; number < 60; number++) {
        try (var thief = gate.from("127.3.1.1")) {
          thief.getOutputStream().write(resumption);
          assertThat(thief.getInputStream().readNBytes(1).length).isLessThanOrEqualTo(1);
        } catch (IOException _) {
          // Reset: it is not believed any more.
        }
      }
    }
    gate.servesTheHonest(50);
    try (var back = MqttClient.over(gate.from("127.2.1.1", known), 5)) {
      assertThat(back.connect(Besieged.KNOWN).at(1)).isZero();
    }
    gate.staysWithinItsMemory();
  }

  private static boolean isClosed(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static void closeAll(List<Socket> sockets) throws IOException {
    for (var socket : sockets) {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  /** As many as were meant, or as many files as a process may have open here. */
  private static int filesAllowed() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/limits"))) {
      var allowed =
          lines
              .filter(line -> line.startsWith("Max open files"))
              .map(line -> line.substring("Max open files".length()).strip().split("\\s+", -1)[1])
              .mapToLong(most -> most.equals("unlimited") ? HALF_OPEN * 2L : Long.parseLong(most))
              .findFirst()
              .orElseThrow();
      return (int) Math.min(HALF_OPEN, allowed - OTHER_FILES);
    }
  }
}
