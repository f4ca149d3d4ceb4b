package io.sallyport.conformance.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.ProductProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of a rollover, killed at moments all over their run: said again, they go on. */
class RolloverCrashTest {
  // From before the registry is open to after everything is done, on machines slow and fast.
  private static final List<Integer> MILLIS = List.of(300, 600, 800, 1_000, 1_300, 1_700);

  @TempDir private Path folder;

  @Test
  void whateverIsKilledIsDoneOrNotAndGoesOn() throws Exception {
    try (var product = ProductProcess.start(folder.resolve("data"))) {
      killed(product, Set.of("none", "begun"), "begin", "devices");
      done(product, "begun", "begin", "devices");
      Thread.sleep(5_000);
      killed(product, Set.of("begun", "activated"), "activate");
      done(product, "activated", "activate");
      killed(product, Set.of("activated", "none"), "retire");
      done(product, "none", "retire");

      // The server, too, wherever it was: it comes back with what the registry says.
      product.kill();
      product.restart();
      assertThat(product.cli("device", "enroll", "lamp", "--bundle", "lamp").expecting(0).err())
          .doesNotContain("cannot");
      var events = product.cli("ledger", "verify").expecting(0).out();
      assertThat(events).isNotBlank();
      for (var type : List.of("begun", "activated", "retired")) {
        assertThat(count(product, "ca-rollover-" + type)).as(type).isEqualTo(1);
      }
    }
  }

  private static void killed(ProductProcess product, Set<String> stages, String... words)
      throws InterruptedException {
    for (int millis : MILLIS) {
      try (var running = product.startCli(command(words))) {
        Thread.sleep(millis);
        running.kill();
        running.ended();
      }
      assertThat(stages).contains(stage(product));
    }
  }

  /** Either it was done by one that was killed, and this one is told so, or it is done now. */
  private static void done(ProductProcess product, String stage, String... words) {
    boolean before = stage(product).equals(stage);
    product.cli(command(words)).expecting(before ? 1 : 0);
    assertThat(stage(product)).isEqualTo(stage);
  }

  private static String stage(ProductProcess product) {
    var out =
        product.cli("ca", "rollover", "status", "--json").expecting(0).out().replaceAll("\\s", "");
    return out.replaceAll(".*\"stage\":\"([a-z]+)\".*", "$1");
  }

  private static int count(ProductProcess product, String type) {
    var out = product.cli("ledger", "tail", "-n", "500", "--json").expecting(0).out();
    return out.split("\"" + type + "\"", -1).length - 1;
  }

  private static String[] command(String... words) {
    var command = new String[words.length + 2];
    command[0] = "ca";
    command[1] = "rollover";
    System.arraycopy(words, 0, command, 2, words.length);
    return command;
  }
}
