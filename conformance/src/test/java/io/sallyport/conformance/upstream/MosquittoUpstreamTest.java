package io.sallyport.conformance.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Ran;
import io.sallyport.conformance.product.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mosquitto's own clients at the gate, mosquitto behind it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MosquittoUpstreamTest {
  private Path folder;
  private int port;
  private Program broker;
  private ProductProcess product;
  private Bundle device;
  private Bundle backend;

  @BeforeAll
  void start(@TempDir Path given) throws IOException {
    folder = given;
    Tool.need(Tool.MOSQUITTO, Tool.MOSQUITTO_PUB, Tool.MOSQUITTO_SUB, Tool.STDBUF);
    port = freePort();
    Files.writeString(
        folder.resolve("mosquitto.conf"),
        "listener %d 127.0.0.1\nallow_anonymous true\nlog_type all\nuser %s\n"
            .formatted(port, System.getProperty("user.name")));
    broker = mosquitto();
    var config =
        Files.writeString(
            folder.resolve("sallyport.yaml"),
            "upstream:\n  address: tcp://127.0.0.1:" + port + "\n");
    product = ProductProcess.start(folder.resolve("data"), "--config", config.toString());
    device = enrolled("device", "meter-1");
    backend = enrolled("backend", "desk-1");
  }

  @AfterAll
  void stop() {
    if (product != null) {
      product.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  private Program mosquitto() {
    var started =
        Program.start(folder, List.of(Tool.MOSQUITTO.path().toString(), "-c", "mosquitto.conf"));
    Patience.until("a mosquitto that listens: " + started, () -> accepts(port));
    return started;
  }

  private Bundle enrolled(String kind, String id) {
    var bundle = folder.resolve(id);
    product.cli(kind, "enroll", id, "--bundle", bundle.toString()).expecting(0);
    return new Bundle(id, bundle);
  }

  @ParameterizedTest
  @CsvSource({"311,0", "311,1", "311,2", "5,0", "5,1", "5,2"})
  void carriesAMessageThroughTheBroker(String version, int qos) {
    var options = " -V " + version + " -q " + qos;
    try (var listening = subscribed(options)) {
      published(options, "m" + version + qos).expecting(0);

      assertThat(listening.ended().expecting(0).out()).contains("m" + version + qos);
    }
    assertThat(broker.err()).contains("as meter-1 (p5", "u'meter-1'");
  }

  @Test
  void tellsDevicesThatTheBrokerIsGoneAndServesThemAgain() {
    try (var listening = subscribed(" -V 5 -q 1")) {
      broker.kill();
      assertThat(published(" -V 5 -q 1", "lost").exit()).isNotZero();
      broker = mosquitto();
      Patience.until("a message through", () -> published(" -V 5 -q 1", "back").exit() == 0);
      listening.kill();
    }
  }

  private Program subscribed(String options) {
    var line =
        "stdbuf -oL " + backend.linesOf("mosquitto_sub").getFirst() + options + " -C 1 -d -W 30";
    var program = Program.startLine(backend.folder(), line);
    Patience.until("a subscription: " + program, () -> program.out().contains("Subscribed (mid"));
    return program;
  }

  private Ran published(String options, String message) {
    var line = device.linesOf("mosquitto_pub").getFirst().replaceFirst(" -m '[^']*'", "");
    return Program.runLine(device.folder(), line + options + " -m " + message);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean accepts(int port) {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
