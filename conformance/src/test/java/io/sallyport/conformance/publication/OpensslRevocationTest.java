package io.sallyport.conformance.publication;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What openssl reads of revocation: it shares nothing with us. */
@TestInstance(Lifecycle.PER_CLASS)
class OpensslRevocationTest {
  private static final Pattern NUMBER = Pattern.compile("number +(\\d+)");

  @TempDir private static Path folder;
  private Published published;
  private Path good;
  private Path revoked;

  @BeforeAll
  void start() {
    Tool.need(Tool.OPENSSL);
    published = new Published(folder);
    good = published.device("good-1");
    revoked = published.device("bad-1");
    published.revoke("bad-1", "keyCompromise");
    awaitRevoked(revoked);
  }

  @AfterAll
  void stop() {
    if (published != null) {
      published.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"devices", "devices-0", "devices-63"})
  void everyListIsSignedByTheAuthority(String name) throws Exception {
    fetch("/crl/" + name + ".crl", folder.resolve("list.crl"));

    var said =
        published
            .line("openssl crl -inform DER -in list.crl -CAfile chain.crt -verify -noout -text")
            .expecting(0)
            .said();

    assertThat(said).contains("verify OK", "Version 2", "X509v3 CRL Number");
    assertThat(said.contains("Issuing Distribution Point: critical"))
        .isEqualTo(!name.equals("devices"));
  }

  @Test
  void theListSaysWhoIsRevokedAndWhy() throws Exception {
    fetch("/crl/devices.crl", folder.resolve("whole.crl"));

    var said = published.line("openssl crl -inform DER -in whole.crl -noout -text").said();

    assertThat(said).contains("Key Compromise").contains(serial(revoked));
    assertThat(said).doesNotContain(serial(good));
  }

  @Test
  void verifiesACertificateAgainstTheListOfEverything() throws Exception {
    published.product.cli("ca", "crl", "--out", folder.resolve("all.pem").toString()).expecting(0);
    var verify =
        "openssl verify -crl_check -CAfile root.crt -untrusted devices.crt -CRLfile all.pem ";

    assertThat(published.line(verify + good).expecting(0).said()).contains("OK");
    assertThat(published.line(verify + revoked).said()).contains("certificate revoked");
  }

  /** openssl follows the certificate's own pointer to its part, over plain HTTP. */
  @Test
  void verifiesACertificateAgainstThePartThatItNames() {
    var verify = "openssl verify -crl_check -crl_download -CAfile root.crt -untrusted devices.crt ";

    assertThat(published.line(verify + good).expecting(0).said()).contains("OK");
    assertThat(published.line(verify + revoked).said()).contains("certificate revoked");
  }

  /** The attack: to hand over another part, in which the certificate cannot be. */
  @Test
  void anotherPartSaysNothingAboutACertificate() throws Exception {
    var parts = Pattern.compile("devices-(\\d+)\\.crl").matcher(text(revoked));
    assertThat(parts.find()).isTrue();
    int other = (Integer.parseInt(parts.group(1)) + 1) % 64;
    var file = folder.resolve("other.pem");
    published
        .product
        .cli("ca", "crl", "--partition", Integer.toString(other), "--out", file.toString())
        .expecting(0);

    var said =
        published
            .line(
                "openssl verify -crl_check -CAfile root.crt -untrusted devices.crt"
                    + " -CRLfile other.pem "
                    + revoked)
            .said();

    assertThat(said).contains("verification failed").doesNotContain(": OK");
  }

  /** With the address of the one that runs. */
  @Test
  void doesNotStartWhereItsAddressIsTaken() {
    var other = folder.resolve("other");
    var ran =
        published.product.cliOn(
            other,
            "up",
            "--config",
            folder.resolve("sallyport.yaml").toString(),
            "--mqtt-port",
            "0",
            "--https-port",
            "0");

    assertThat(ran.expecting(3).err()).contains("pki.http-listen", "cannot be listened on");
  }

  @Test
  void saysInALineWhatItCannotFetch() {
    var product = published.product;

    product.cli("ca", "crl", "--partition", "64").expecting(2);
    product.cli("ca", "crl", "--servers", "--partition", "1").expecting(2);
    product.cli("ca", "crl", "--out", folder.resolve("no/where.pem").toString()).expecting(3);
    assertThat(product.cli("ca", "crl", "--servers", "--json").expecting(0).out())
        .contains("Sallyport Servers CA", "nextUpdate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-sha1 -nonce", "-sha1 -no_nonce", "-sha256 -nonce", "-sha256 -no_nonce"})
  void tellsGoodRevokedAndUnknown(String options) {
    assertThat(published.status(good, options)).contains("Response verify OK", ": good");
    assertThat(published.status(revoked, options))
        .contains("Response verify OK", ": revoked", "Reason: keyCompromise");
    var unknown =
        published
            .line(
                "openssl ocsp -issuer devices.crt -CAfile chain.crt -url $URL/ocsp "
                    + options.replaceAll("-sha\\d+", "")
                    + " -serial 0x1234567890abcdef")
            .said();
    assertThat(unknown).contains("Response verify OK", "unknown");
  }

  @Test
  void tellsSeveralAtOnce() {
    var said = published.status(good, "-cert " + revoked);

    assertThat(said).contains(": good", ": revoked");
  }

  @Test
  void answersAGetAsItAnswersAPost() throws Exception {
    published
        .line("openssl ocsp -issuer devices.crt -no_nonce -reqout req.der -cert " + good)
        .expecting(0);
    var base64 = Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("req.der")));
    var path = "/ocsp/" + base64.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D");
    fetch(path, folder.resolve("resp.der"));

    var said =
        published
            .line(
                "openssl ocsp -respin resp.der -issuer devices.crt -CAfile chain.crt -no_nonce"
                    + " -cert "
                    + good)
            .expecting(0)
            .said();

    assertThat(said).contains("Response verify OK", ": good");
  }

  @Test
  void refusesAnotherAuthoritysCertificates() {
    var said =
        published
            .line(
                "openssl ocsp -issuer servers.crt -CAfile chain.crt -url $URL/ocsp -serial 0x1234")
            .said();

    assertThat(said).contains("unauthorized (6)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 4096})
  void saysInTheProtocolsOwnWordsThatBytesAreNoRequest(int length) throws Exception {
    Files.write(folder.resolve("bad.der"), post(new byte[length]));

    var said = published.line("openssl ocsp -respin bad.der -noverify").said();

    assertThat(said).contains("malformedrequest (1)");
  }

  /**
   * A signed "good", asked for without a nonce, is valid for an hour; it must not be told again.
   */
  @Test
  void aKeptAnswerIsNotToldAfterTheRevocation() {
    var device = published.device("soon-revoked");
    assertThat(published.status(device, "-no_nonce")).contains(": good");
    assertThat(published.status(device, "-no_nonce")).contains(": good");

    published.revoke("soon-revoked", "superseded");

    assertThat(published.status(device, "-no_nonce")).contains(": revoked", "superseded");
    awaitRevoked(device);
  }

  /** SIGKILL at any moment of the publication: what comes after has a higher number. */
  @Test
  void numbersNeverGoBackAfterAKill() {
    long last = number();
    for (int round = 0; round < 3; round++) {
      var id = "killed-" + round;
      var device = published.device(id);
      published.revoke(id, "cessationOfOperation");
      published.product.kill();
      published.product.restart();
      awaitRevoked(device);
      assertThat(number()).isGreaterThan(last);
      last = number();
    }
  }

  private long number() {
    var shown = NUMBER.matcher(published.product.cli("ca", "crl").expecting(0).out());
    assertThat(shown.find()).isTrue();
    return Long.parseLong(shown.group(1));
  }

  private void awaitRevoked(Path certificate) {
    var serial = serial(certificate);
    Patience.until(
        "a list with " + serial,
        () -> {
          fetch("/crl/devices.crl", folder.resolve("awaited.crl"));
          return published
              .line("openssl crl -inform DER -in awaited.crl -noout -text")
              .said()
              .contains(serial);
        });
  }

  private String serial(Path certificate) {
    return published
        .line("openssl x509 -noout -serial -in " + certificate)
        .expecting(0)
        .out()
        .strip()
        .replace("serial=", "");
  }

  private String text(Path certificate) {
    return published.line("openssl x509 -noout -text -in " + certificate).expecting(0).out();
  }

  private void fetch(String path, Path to) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var answer =
          http.send(
              HttpRequest.newBuilder(URI.create(published.url + path)).build(),
              BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).isEqualTo(200);
      Files.write(to, answer.body());
    }
  }

  private byte[] post(byte[] body) throws InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(published.url + "/ocsp"))
                  .header("Content-Type", "application/ocsp-request")
                  .POST(BodyPublishers.ofByteArray(body))
                  .build(),
              BodyHandlers.ofByteArray())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
