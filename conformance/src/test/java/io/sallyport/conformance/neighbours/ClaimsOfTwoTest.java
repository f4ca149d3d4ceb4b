package io.sallyport.conformance.neighbours;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One claim at two gateways: counted once, and dead at both by one command. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClaimsOfTwoTest {
  private static final Pattern PORT = Pattern.compile("^ready .* est=(\\d+)", Pattern.MULTILINE);

  private Postgres postgres;
  private Pair pair;

  @BeforeAll
  void start(@TempDir Path temporary) {
    Tool.need(Tool.CURL, Tool.OPENSSL);
    postgres = Postgres.start();
    pair =
        new Pair(
            temporary,
            postgres,
            """
            est: {enabled: true, port: 0, host: 127.0.0.1}
            sources: {ban-after: 0}
            """);
  }

  @AfterAll
  void stop() {
    if (pair != null) {
      pair.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void neverMoreThanItsCountAndKilledAtBoth() throws Exception {
    var claim = pair.folder.resolve("line");
    pair.a
        .cli(
            "claim",
            "create",
            "line",
            "--batch",
            "b",
            "--count",
            "3",
            "--ids",
            "*",
            "--out",
            claim.toString())
        .expecting(0);
    var running = new ArrayList<Program>();
    for (int at : IntStream.range(0, 8).toArray()) {
      running.add(enrol(at % 2 == 0 ? pair.a : pair.b, claim, "lamp-" + at));
    }

    var answers = running.stream().map(one -> one.ended().out().strip()).toList();
    assertThat(answers).filteredOn("200"::equals).hasSize(3);
    assertThat(answers).allMatch(List.of("200", "403")::contains);

    var other = pair.folder.resolve("other");
    pair.a
        .cli(
            "claim",
            "create",
            "other",
            "--batch",
            "b",
            "--count",
            "9",
            "--ids",
            "*",
            "--out",
            other.toString())
        .expecting(0);
    assertThat(enrol(pair.b, other, "bulb-1").ended().out().strip()).isEqualTo("200");
    pair.a.cli("claim", "kill", "--batch", "b").expecting(0);
    assertThat(enrol(pair.b, other, "bulb-2").ended().out().strip()).isEqualTo("403");
    assertThat(pair.b.cli("claim", "show", "other").expecting(0).out()).contains("bulb-1");
  }

  /** A device that asks one of them; its answer is the status. */
  private Program enrol(ProductProcess gate, Path claim, String id) throws Exception {
    var device = Files.createTempDirectory(pair.folder, id);
    Program.runLine(
            device,
            "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem"
                + " -subj /CN="
                + id
                + " -outform DER | base64 > csr.b64")
        .expecting(0);
    var port = PORT.matcher(gate.said());
    assertThat(port.find()).isTrue();
    return Program.startLine(
        device,
        "curl -sS -o body -w '%{http_code}' --cacert "
            + claim.resolve("ca.crt")
            + " --cert "
            + claim.resolve("claim.crt")
            + " --key "
            + claim.resolve("claim.key")
            + " -H 'Content-Type: application/pkcs10' --data-binary @csr.b64 https://localhost:"
            + port.group(1)
            + "/.well-known/est/simpleenroll");
  }
}
