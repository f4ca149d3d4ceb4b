package io.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.configuration.AcmeKeys;
import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.EstKeys;
import io.sallyport.app.configuration.MqttKeys;
import io.sallyport.app.configuration.OperationKeys;
import io.sallyport.app.configuration.ServerKeys;
import io.sallyport.app.installation.DataDirectory;
import io.sallyport.app.node.Node;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What /metrics of a running server says, that the documentation says it too, and who reads it. */
@TestInstance(Lifecycle.PER_CLASS)
class MetricsPageTest {
  private static final Pattern HELP = Pattern.compile("# HELP (\\S+) (.+)");
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (counter|gauge|histogram)");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
  private static final String LABEL = "[a-z][a-z0-9_]*=\"[^\"\\\\]*\"";
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-z][a-z0-9_]*)(?:\\{(LABEL(?:,LABEL)*)\\})? (-?[0-9.]+(?:E-?[0-9]+)?|\\+Inf)"
              .replace("LABEL", LABEL));
  private static final Pattern SERIES = Pattern.compile("\\b(?:sallyport|process|jvm)_[a-z0-9_]+");

  @TempDir private static Path directory;
  private Node node;
  private Page page;

  /** One metric of the page. */
  private record Family(String help, String type, Map<String, Double> samples) {}

  /** The page, read strictly. */
  private record Page(Map<String, Family> families) {
    Family of(String name) {
      return Optional.ofNullable(families.get(name)).orElseThrow();
    }

    static Page parse(String text) {
      assertThat(text).endsWith("\n");
      var families = new LinkedHashMap<String, Family>();
      var name = "";
      var help = "";
      for (var line : text.lines().toList()) {
        var helped = HELP.matcher(line);
        var typed = TYPE.matcher(line);
        var sample = SAMPLE.matcher(line);
        if (helped.matches()) {
          name = helped.group(1);
          help = helped.group(2);
          assertThat(name).matches(NAME);
        } else if (typed.matches()) {
          assertThat(typed.group(1)).isEqualTo(name);
          assertThat(families.put(name, new Family(help, typed.group(2), new TreeMap<>())))
              .as("%s is there once", name)
              .isNull();
        } else {
          assertThat(sample.matches()).as("a sample: %s", line).isTrue();
          var family = Optional.ofNullable(families.get(name)).orElseThrow();
          var suffix = sample.group(1).substring(name.length());
          assertThat(sample.group(1)).startsWith(name);
          assertThat(suffix)
              .isIn(
                  family.type().equals("histogram")
                      ? List.of("_bucket", "_count", "_sum")
                      : List.of(""));
          var value =
              sample.group(3).equals("+Inf")
                  ? Double.POSITIVE_INFINITY
                  : Double.parseDouble(sample.group(3));
          assertThat(family.samples().put(line.substring(0, line.lastIndexOf(' ')), value))
              .as("%s is there once", line)
              .isNull();
        }
      }
      return new Page(families);
    }
  }

  @BeforeAll
  void start() throws Exception {
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    var terminal = new Terminal(nowhere, nowhere, InputStream.nullInputStream(), false, false);
    var machine = new Machine(InstantSource.system(), System::nanoTime, Map.of(), terminal);
    var configuration =
        Configuration.defaults()
            .with(MqttKeys.MQTT_PORT, 0)
            .with(EstKeys.ENABLED, true)
            .with(EstKeys.HOST, "127.0.0.1")
            .with(EstKeys.PORT, 0)
            .with(ServerKeys.HTTPS_PORT, 0)
            .with(MqttKeys.MQTT_HOST, "127.0.0.1")
            .with(AcmeKeys.DIRECTORY, "https://127.0.0.1:9/directory")
            .with(AcmeKeys.DOMAINS, List.of("gate.example.org"))
            .with(AcmeKeys.TERMS_AGREED, true)
            .with(AcmeKeys.CHALLENGE, AcmeKeys.Challenge.TLS_ALPN_01)
            .with(OperationKeys.TRACING_ENDPOINT, "http://127.0.0.1:9/v1/traces");
    var data = new DataDirectory(directory.resolve("data"));
    node = Node.start(data, configuration, machine);
    var bundle = directory.resolve("bundle").toString();
    var enrolled =
        new CommandLine(directory.resolve("data"))
            .run("device", "enroll", "pump-7", "--bundle", bundle);
    assertThat(enrolled.code()).as(enrolled.err()).isZero();
    page = Page.parse(get("/metrics"));
  }

  @AfterAll
  void stop() {
    node.close();
  }

  private String get(String path) throws Exception {
    var files = directory.resolve("data/operator");
    var certificates = CertificateFactory.getInstance("X.509");
    var chain =
        certificates
            .generateCertificates(
                new ByteArrayInputStream(Files.readAllBytes(files.resolve("operator.crt"))))
            .toArray(Certificate[]::new);
    var pem = Files.readString(files.resolve("operator.key")).replaceAll("-----[^-]+-----|\\s", "");
    var key =
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    var own = KeyStore.getInstance("PKCS12");
    own.load(null, new char[0]);
    own.setKeyEntry("operator", key, new char[0], chain);
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, new char[0]);
    var anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, new char[0]);
    anchors.setCertificateEntry(
        "root",
        certificates.generateCertificate(
            new ByteArrayInputStream(Files.readAllBytes(files.resolve("ca.crt")))));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(anchors);
    var tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    try (var http = HttpClient.newBuilder().sslContext(tls).build()) {
      var request =
          HttpRequest.newBuilder(URI.create("https://localhost:" + node.httpsPort() + path));
      var answer = http.send(request.build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      return answer.body();
    }
  }

  @Test
  void everyMetricHasHelpAndANameByTheConventions() {
    assertThat(page.families()).hasSizeGreaterThan(40);
    page.families()
        .forEach(
            (name, family) -> {
              assertThat(family.help()).as(name).matches("[A-Z].*\\.");
              assertThat(family.samples()).as(name).isNotEmpty();
              assertThat(name).doesNotContain("__").matches("(sallyport|process|jvm)_.*");
              assertThat(name.endsWith("_total"))
                  .as(name)
                  .isEqualTo(family.type().equals("counter"));
              if (family.type().equals("histogram")) {
                assertThat(name).endsWith("_seconds");
              }
            });
  }

  @Test
  void aHistogramsBucketsGrowUpToItsCount() {
    page.families()
        .forEach(
            (name, family) -> {
              if (family.type().equals("histogram")) {
                var counts =
                    family.samples().keySet().stream().filter(s -> s.contains("_count")).toList();
                assertThat(counts).as(name).isNotEmpty();
                for (var count : counts) {
                  var infinite = count.replace("_count{", "_bucket{").replace("}", ",le=\"+Inf\"}");
                  assertThat(family.samples()).containsEntry(infinite, family.samples().get(count));
                }
              }
            });
  }

  @Test
  void tellsOfTheProcessAndOfEveryReasonToDeny() {
    assertThat(page.of("process_resident_memory_bytes").samples().values())
        .allSatisfy(bytes -> assertThat(bytes).isGreaterThan(1 << 20));
    assertThat(page.of("jvm_memory_used_bytes").samples()).hasSize(2);
    assertThat(page.of("sallyport_denied_total").samples())
        .containsEntry("sallyport_denied_total{at=\"publish\",reason=\"policy\"}", 0.0)
        .hasSizeBetween(20, 60);
  }

  @Test
  void everyMetricIsInTheDocumentation() throws Exception {
    var rows = new StringBuilder();
    page.families()
        .forEach(
            (name, family) -> {
              var labels = new TreeSet<String>();
              family
                  .samples()
                  .keySet()
                  .forEach(
                      s ->
                          Pattern.compile("([a-z_]+)=\"")
                              .matcher(s)
                              .results()
                              .forEach(m -> labels.add(m.group(1))));
              labels.remove("le");
              rows.append(
                  "| `%s` | %s | %s | %s |%n"
                      .formatted(name, family.type(), String.join(", ", labels), family.help()));
            });
    assertThat(Files.readString(Path.of("../docs/metrics.md")))
        .as("docs/metrics.md must hold exactly these rows:%n%s", rows)
        .contains(rows);
  }

  @Test
  void theDashboardAsksOnlyForWhatThereIs() throws Exception {
    var dashboard =
        JsonMapper.shared().readTree(Files.readString(Path.of("../docs/grafana/sallyport.json")));
    assertThat(dashboard.at("/schemaVersion").asInt()).isGreaterThanOrEqualTo(36);
    assertThat(dashboard.at("/uid").asString()).isEqualTo("sallyport");
    assertThat(dashboard.at("/title").asString()).isNotEmpty();
    assertThat(dashboard.at("/templating/list").isArray()).isTrue();
    var ids = new TreeSet<Integer>();
    var asked = new TreeSet<String>();
    for (var panel : dashboard.at("/panels")) {
      assertThat(ids.add(panel.at("/id").asInt())).as("panel ids differ").isTrue();
      assertThat(panel.at("/type").asString()).isIn("row", "stat", "timeseries");
      assertThat(panel.at("/gridPos/w").asInt() + panel.at("/gridPos/x").asInt()).isBetween(1, 24);
      for (var target : panel.at("/targets")) {
        asked.addAll(series(target));
      }
    }
    for (var variable : dashboard.at("/templating/list")) {
      asked.addAll(names(variable.at("/query").asString("")));
    }
    assertThat(asked).hasSizeGreaterThan(30);
    assertThat(samples()).containsAll(asked);
    // Each thing that the panels are for is asked for.
    assertThat(asked)
        .contains(
            "sallyport_gateway_connections",
            "sallyport_handshake_duration_seconds_bucket",
            "sallyport_decision_duration_seconds_bucket",
            "sallyport_publish_duration_seconds_bucket",
            "sallyport_denied_total",
            "sallyport_exchange_queued",
            "sallyport_ledger_queued_events",
            "sallyport_trust_state_age_seconds");
  }

  private static Set<String> series(JsonNode target) {
    var query = target.at("/expr").asString();
    assertThat(query.chars().filter(c -> c == '(').count())
        .as(query)
        .isEqualTo(query.chars().filter(c -> c == ')').count());
    assertThat(target.at("/refId").asString()).matches("[A-Z]");
    return names(query);
  }

  private static Set<String> names(String query) {
    var names = new TreeSet<String>();
    SERIES.matcher(query).results().forEach(match -> names.add(match.group()));
    return names;
  }

  private Set<String> samples() {
    var names = new TreeSet<String>();
    page.families()
        .values()
        .forEach(f -> f.samples().keySet().forEach(s -> names.add(s.replaceAll("\\{.*", ""))));
    return names;
  }
}
