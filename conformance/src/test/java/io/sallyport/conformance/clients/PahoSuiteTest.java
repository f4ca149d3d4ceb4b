package io.sallyport.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.testkit.MqttClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eclipse Paho's interoperability suite where somebody has it: {@code -Dsallyport.paho=} its folder
 * {@code interoperability}. What its scenarios ask is asked by the tests of {@code normative}, too,
 * which need nothing.
 */
@EnabledIfSystemProperty(named = "sallyport.paho", matches = ".+")
class PahoSuiteTest {
  private static final Duration LONGEST = Duration.ofMinutes(8);
  private static final Pattern UNSUCCESSFUL =
      Pattern.compile("^(?:FAIL|ERROR): (\\w+)", Pattern.MULTILINE);
  private static final Pattern COUNT = Pattern.compile("^Ran (\\d+) tests", Pattern.MULTILINE);

  /** A filter that the suite must not be granted, and whoever reads everything may. */
  private static final String POLICY =
      """
      {
        "Version": "2012-10-17",
        "Statement": [
          {"Effect": "Allow", "Action": ["iot:*", "sallyport:*"], "Resource": ["*"]},
          {"Effect": "Deny", "Action": ["iot:Subscribe"],
           "Resource": ["arn:aws:iot:*:*:topicfilter/test/nosubscribe"]}
        ]
      }
      """;

  /** The suite expects this keep alive, and a filter to be granted by its name alone. */
  private static final String CONFIGURATION =
      """
      mqtt:
        keep-alive-max: 60s
        subscribe: literal
      """;

  private static final String UNNAMED = "unnamed";

  private static final List<String> IDENTITIES =
      List.of("myclientid", "myclientid2", "clean-retained", UNNAMED);

  @TempDir static Path folder;

  /**
   * What the suite expects wrongly, or of servers with an option that we do not have: it takes 0x80
   * for the only refusal in a SUBACK of MQTT 5, and aliases from a server that need send none.
   */
  private static final Set<String> EXPECTED =
      Set.of("test_subscribe_failure", "test_server_topic_alias");

  @Test
  void version3() throws Exception {
    run("client_test.py", 10, Set.of());
  }

  @Test
  void version5() throws Exception {
    run("client_test5.py", 27, EXPECTED);
  }

  private static void run(String suite, int tests, Set<String> expected) throws Exception {
    var home = Files.createTempDirectory(folder, "paho");
    var configuration = Files.writeString(home.resolve("sallyport.yaml"), CONFIGURATION);
    var options = new String[] {"--config", configuration.toString()};
    try (var product = ProductProcess.start(home.resolve("data"), options);
        var door = PlainDoor.open(fleet(product, home))) {
      var said = python(suite, door.port(), home.resolve("said"));
      assertThat(ran(said)).as(said).isEqualTo(tests);
      assertThat(unsuccessful(said)).as(said).isEqualTo(expected);
    }
  }

  /** Sockets for the client ids of the suite; a blank is not of the alphabet of identities. */
  private static Function<String, Socket> fleet(ProductProcess product, Path home)
      throws IOException {
    var policy = Files.writeString(home.resolve("paho.json"), POLICY);
    product.cli("policy", "put", "paho", policy.toString()).expecting(0);
    var list = "id,policy\n" + String.join(",paho\n", IDENTITIES) + ",paho\n";
    var csv = Files.writeString(home.resolve("fleet.csv"), list);
    product
        .cli("device", "enroll", "--from", csv.toString(), "--out", home.toString())
        .expecting(0);
    var contexts = new HashMap<String, SSLContext>();
    for (var id : IDENTITIES) {
      var tls = new Bundle(id, home.resolve(id)).identity().sslContext();
      contexts.put(id, tls);
      // The first handshake of a machine takes longer than others.
      try (var first = MqttClient.v5(tls, product.mqttPort())) {
        first.connect(id);
      }
    }
    return clientId -> {
      var id = clientId.isEmpty() ? UNNAMED : clientId.replace(' ', '-');
      try {
        return MqttClient.socket(Objects.requireNonNull(contexts.get(id)), product.mqttPort());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  /**
   * Its own options are not taken by all of its files, so they get the port as their default; half
   * a second is little for a CONNACK on a machine that builds; and where it waits for the answer to
   * the other client's SUBSCRIBE it looks at the first one's, which came long ago, and publishes
   * too early.
   */
  private static String python(String suite, int port, Path said) throws Exception {
    var start =
        """
        import re, socket, sys
        patience = socket.socket.settimeout
        socket.socket.settimeout = lambda self, seconds: patience(self, max(seconds, 3))
        name, port = sys.argv[1:]
        sys.argv = [name]
        sys.path.insert(0, '.')
        text = open(name).read().replace('port = 1883', 'port = ' + port)
        text = text.replace('"clean retained"', '"clean-retained"')
        others = r'(bclient\\.subscribe\\(.*\\)\\s+self\\.waitfor\\()callback\\.subscribeds'
        text = re.sub(others, r'\\1callback2.subscribeds', text)
        exec(compile(text, name, 'exec'), globals())
        """;
    // The suite finds its tests in the module that runs, which is this text.
    var process =
        new ProcessBuilder("python3", "-c", start, suite, Integer.toString(port))
            .directory(Path.of(System.getProperty("sallyport.paho")).toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    return Files.readString(said);
  }

  private static int ran(String said) {
    var match = COUNT.matcher(said);
    return match.find() ? Integer.parseInt(match.group(1)) : 0;
  }

  private static Set<String> unsuccessful(String said) {
    var names = new TreeSet<String>();
    UNSUCCESSFUL.matcher(said).results().forEach(match -> names.add(match.group(1)));
    return names;
  }
}
