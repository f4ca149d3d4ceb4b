package io.sallyport.conformance.neighbours;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways on one PostgreSQL: what one command says holds at both, without a file carried. */
class RolloverOfTwoTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void bothFollow(@TempDir Path temporary) throws Exception {
    Tool.need(Tool.OPENSSL, Tool.MOSQUITTO_PUB);
    try (var postgres = Postgres.start();
        var pair = new Pair(temporary, postgres, "sources: {ban-after: 0}\n")) {
      var old = temporary.resolve("old");
      pair.a.cli("device", "enroll", "lamp-1", "--bundle", old.toString()).expecting(0);
      rollover(pair, "begin", "devices");
      Thread.sleep(6_000);
      rollover(pair, "activate");
      var moved = temporary.resolve("moved");
      eventually(() -> followed(pair.a) >= 2 && followed(pair.b) >= 2);
      pair.b.cli("device", "enroll", "lamp-2", "--bundle", moved.toString()).expecting(0);
      assertThat(
              Program.runLine(moved, "openssl x509 -in *.crt -noout -issuer; cat *.pem *.crt")
                  .out())
          .isNotBlank();
      for (var gate : new ProductProcess[] {pair.a, pair.b}) {
        assertThat(publishes(gate, "lamp-1", old)).isTrue();
        assertThat(publishes(gate, "lamp-2", moved)).isTrue();
      }
      rollover(pair, "retire", "--force", "--reason", "test");
      eventually(() -> !publishes(pair.a, "lamp-1", old) && !publishes(pair.b, "lamp-1", old));
      for (var gate : new ProductProcess[] {pair.a, pair.b}) {
        assertThat(publishes(gate, "lamp-2", moved)).isTrue();
      }
    }
  }

  private static void rollover(Pair pair, String... words) {
    var command = new String[words.length + 4];
    command[0] = "ca";
    command[1] = "rollover";
    System.arraycopy(words, 0, command, 2, words.length);
    command[words.length + 2] = "--config";
    command[words.length + 3] = pair.folder.resolve("gate-a.yaml").toString();
    pair.a.cli(command).expecting(0);
  }

  private static int followed(ProductProcess gate) {
    return gate.said().split("other authorities are in force", -1).length - 1;
  }

  private static boolean publishes(ProductProcess gate, String id, Path bundle) {
    return Program.runLine(
                bundle,
                "mosquitto_pub -V 5 -q 1 -h localhost -p "
                    + gate.mqttPort()
                    + " --cafile ca.crt --cert device.crt --key device.key -i "
                    + id
                    + " -t devices/"
                    + id
                    + "/telemetry -m 21.5")
            .exit()
        == 0;
  }

  private static void eventually(BooleanSupplier condition) throws InterruptedException {
    var end = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("in time").isBefore(end);
      Thread.sleep(200);
    }
  }
}
