package io.sallyport.conformance.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Debian's testssl.sh finds at our two doors is explained in THREATS.md, or is a defect. */
class TestsslTest {
  /** Bound: alone it takes a minute or two. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private static final Set<String> HARMLESS = Set.of("OK", "INFO", "DEBUG");

  /** Protocols, categories of ciphers, forward secrecy, preferences, certificate, known holes. */
  private static final List<String> CHECKS = List.of("-p", "-s", "-f", "-P", "-S", "-U");

  @TempDir Path folder;

  @Test
  void theDoorForDevices() throws IOException {
    Tool.need(Tool.TESTSSL, Tool.OPENSSL);
    try (var product = ProductProcess.start(folder.resolve("data"))) {
      scan(product, product.mqttPort(), "devices");
    }
  }

  @Test
  void theDoorForOperators() throws IOException {
    Tool.need(Tool.TESTSSL, Tool.OPENSSL);
    try (var product = ProductProcess.start(folder.resolve("data"))) {
      scan(product, product.httpsPort(), "operators");
    }
  }

  @Test
  void theDoorForOperatorsClosesAtARenegotiation() {
    Tool.need(Tool.OPENSSL);
    try (var product = ProductProcess.start(folder.resolve("data"));
        var client =
            Program.startLine(
                folder, "openssl s_client -tls1_2 -connect localhost:" + product.httpsPort())) {
      Patience.until("a session", () -> client.out().contains("Extended master secret"));
      client.type("R\n");
      Patience.until("the close", () -> !client.isRunning());
      assertThat(client.ended().said()).contains("RENEGOTIATING").contains("closed");
    }
  }

  private void scan(ProductProcess product, int port, String door) throws IOException {
    var report = folder.resolve("report.json");
    var command = new ArrayList<String>();
    command.addAll(List.of(Tool.TESTSSL.path().toString(), "--quiet", "--color", "0"));
    // Nothing of it leaves this machine.
    command.addAll(List.of("--warnings", "off", "--nodns", "none"));
    command.addAll(List.of("--add-ca", product.data().resolve("operator/ca.crt").toString()));
    command.addAll(List.of("--jsonfile", report.toString()));
    command.addAll(CHECKS);
    command.add("localhost:" + port);
    try (var testssl = Program.start(folder, command)) {
      testssl.endInput();
      testssl.endedWithin(LONGEST);
    }

    var findings = JsonMapper.shared().readTree(Files.readString(report));
    assertThat(findings.size()).as("it went through").isGreaterThan(60);
    assertThat(ids(findings)).contains("TLS1_3", "heartbleed", "cert_chain_of_trust");
    var explained = ExplainedFindings.of(door);
    assertThat(findings)
        .filteredOn(finding -> !HARMLESS.contains(finding.at("/severity").asString()))
        .filteredOn(finding -> !explained.explain(finding.at("/id").asString()))
        .isEmpty();
  }

  private static List<String> ids(JsonNode findings) {
    var ids = new ArrayList<String>();
    findings.forEach(finding -> ids.add(finding.at("/id").asString()));
    return ids;
  }
}
