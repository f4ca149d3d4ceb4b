package io.sallyport.conformance.acme;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Ran;
import io.sallyport.conformance.product.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status that goes with the server's certificate, as three TLS libraries read it. */
class StaplingTest {
  @TempDir Path folder;

  @BeforeAll
  static void tools() {
    Tool.need(Tool.OPENSSL, Tool.CURL, Tool.GNUTLS_CLI);
  }

  private ProductProcess product(String more) {
    var configuration = folder.resolve("sallyport.yaml");
    Pebble.write(configuration, "est:\n  enabled: true\n  port: 0\n" + more);
    return ProductProcess.start(folder.resolve("data"), "--config", configuration.toString());
  }

  private Ran line(String line) {
    return Program.runLine(folder, line);
  }

  private String asked(ProductProcess product, String options) {
    return line("openssl s_client -connect localhost:%d -status -CAfile data/ca/root.crt %s"
            .formatted(product.mqttPort(), options))
        .said();
  }

  @Test
  void isShownToWhoeverAsksInBothVersions() {
    try (var product = product("")) {
      for (var version : new String[] {"-tls1_2", "-tls1_3"}) {
        assertThat(asked(product, version))
            .contains("OCSP Response Status: successful", "Cert Status: good")
            .contains("Sallyport OCSP Responder");
      }
      var silent =
          line(
              "openssl s_client -connect localhost:%d -CAfile data/ca/root.crt"
                  .formatted(product.mqttPort()));
      assertThat(silent.said()).doesNotContain("OCSP Response Status");

      var est = estPort(product);
      var curl =
          line(
              "curl -sv --cert-status --cacert data/ca/root.crt"
                  + " https://localhost:%d/.well-known/est/cacerts".formatted(est));
      assertThat(curl.expecting(0).said()).contains("SSL certificate status: good");
      var gnutls =
          line(
              "gnutls-cli --x509cafile data/ca/root.crt -p %d localhost </dev/null".formatted(est));
      assertThat(gnutls.said()).contains("OCSP status request").contains("is trusted");
      assertThat(metrics(product)).contains("sallyport_staples_missing_total 0");
    }
  }

  @Test
  void comesWithTheCertificateOfAReload() {
    try (var product = product("tls:\n  certificate-lifetime: 10d\n")) {
      product.cli("reload").expecting(0);
      assertThat(asked(product, "")).contains("Cert Status: good");
    }
  }

  @Test
  void isLeftAwayWhereItIsTurnedOff() {
    try (var product = product("tls:\n  stapling: false\n")) {
      assertThat(asked(product, "")).contains("OCSP response: no response sent");
      var curl =
          line(
              "curl -s --cert-status --cacert data/ca/root.crt"
                  + " https://localhost:%d/.well-known/est/cacerts".formatted(estPort(product)));
      assertThat(curl.exit()).as("curl finds an invalid status").isEqualTo(91);
    }
  }

  /** A CA of openssl with its own responder, whose answers change under the server's hands. */
  @Test
  void aResponderOfAnotherAuthorityIsAskedBeforeAndItsBadNewsAreNotShown() throws IOException {
    int port = Pebble.freePort();
    authority(port);
    Program responder = responder(port);
    try (var product =
        product(
            "tls:\n  certificate-file: srv.pem\n  key-file: srv.key\n"
                .replace("srv", folder.resolve("srv").toString()))) {
      var good = "openssl s_client -connect localhost:%d -status -CAfile ca.crt";
      Patience.until(
          "a status: " + product.said(),
          () -> line(good.formatted(product.mqttPort())).said().contains("Cert Status: good"));

      responder.kill();
      assertThat(line(good.formatted(product.mqttPort())).said())
          .as("with the responder down what it said holds until its end")
          .contains("Cert Status: good");

      revoke();
      responder = responder(port);
      Patience.until(
          "the bad news, at half of a minute: " + product.said(),
          Duration.ofSeconds(90),
          () -> product.said().contains("REVOKED"));
      assertThat(line(good.formatted(product.mqttPort())).said())
          .as("a revoked certificate is shown without a status, loudly")
          .contains("no response sent");
      assertThat(metrics(product))
          .contains("sallyport_server_certificate_revoked{certificate=\"default\"} 1");
    } finally {
      responder.close();
    }
  }

  private void authority(int port) throws IOException {
    line("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9"
            + " -subj /CN=Other -keyout ca.key -out ca.crt"
            + " && openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
            + " -subj /CN=srv -keyout srv.key -out srv.csr")
        .expecting(0);
    Pebble.write(
        folder.resolve("srv.ext"),
        "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n"
            + "authorityInfoAccess=OCSP;URI:http://127.0.0.1:"
            + port
            + "/\n");
    line("openssl x509 -req -in srv.csr -CA ca.crt -CAkey ca.key -set_serial 0x4711 -days 5"
            + " -extfile srv.ext -out srv.crt && cat srv.crt ca.crt > srv.pem")
        .expecting(0);
    Files.setPosixFilePermissions(
        folder.resolve("srv.key"), PosixFilePermissions.fromString("rw-------"));
    Pebble.write(folder.resolve("index.txt"), "V\t390101000000Z\t\t4711\tunknown\t/CN=srv\n");
  }

  private void revoke() {
    Pebble.write(
        folder.resolve("index.txt"),
        "R\t390101000000Z\t260101000000Z,keyCompromise\t4711\tunknown\t/CN=srv\n");
  }

  private Program responder(int port) {
    var started =
        Program.startLine(
            folder,
            "openssl ocsp -index index.txt -port %d -rsigner ca.crt -rkey ca.key -CA ca.crt -nmin 1"
                .formatted(port));
    Patience.until("a responder: " + started, () -> started.err().contains("waiting"));
    return started;
  }

  private String metrics(ProductProcess product) {
    return line("curl -s --cacert data/ca/root.crt --cert data/operator/operator.crt"
            + " --key data/operator/operator.key https://localhost:%d/metrics"
                .formatted(product.httpsPort()))
        .expecting(0)
        .out();
  }

  private static int estPort(ProductProcess product) {
    try {
      var text = Files.readString(product.data().resolve("endpoint.json"));
      return Integer.parseInt(text.replaceAll(".*\"estPort\":(\\d+).*\\s*", "$1"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
