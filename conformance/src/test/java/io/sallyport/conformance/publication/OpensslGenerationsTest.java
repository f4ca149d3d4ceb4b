package io.sallyport.conformance.publication;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.Ran;
import io.sallyport.conformance.product.Tool;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Revocation under two devices CAs as openssl sees it: each vouches for its own, also after the
 * first was retired.
 */
class OpensslGenerationsTest {
  @TempDir private Path folder;

  @Test
  void eachVouchesForItsOwnAlsoAfterTheFirstWasRetired() throws Exception {
    Tool.need(Tool.OPENSSL);
    try (var published = new Published(folder)) {
      var kept = published.device("kept");
      var gone = published.device("gone");
      rollover(published, "begin", "devices").expecting(0);
      Patience.until(
          "the new CA may sign",
          Duration.ofSeconds(30),
          () -> rollover(published, "activate").exit() == 0);
      Patience.until(
          "the server signs with it",
          () -> published.product.said().split("other authorities are in force", -1).length > 2);
      var moved = published.device("moved");
      var lost = published.device("lost");
      // What a device presents is its certificate and who signed it.
      published
          .line("awk '/BEGIN/{n++} n==2' " + moved + " > g2.crt; cat root.crt g2.crt > chain2.crt")
          .expecting(0);
      assertThat(published.line("openssl x509 -in g2.crt -noout -subject").said())
          .contains("Sallyport Devices CA G2");
      published.revoke("gone", "keyCompromise");
      published.revoke("lost", "superseded");

      everythingHolds(published, kept, gone, moved, lost);
      rollover(published, "retire", "--force", "--reason", "its key was stolen").expecting(0);
      published.revoke("kept", "cessationOfOperation");
      told(published, "devices.crt", "chain.crt", kept, ": revoked");
      everythingHolds(published, null, gone, moved, lost);
      published.product.kill();
      published.product.restart();
      everythingHolds(published, null, gone, moved, lost);
    }
  }

  private static void everythingHolds(
      Published published,
      @org.jspecify.annotations.Nullable Path kept,
      Path gone,
      Path moved,
      Path lost) {
    // RFC 6960, 4.2.2.2: the answer is signed by whom the certificate's own CA delegated.
    if (kept != null) {
      told(published, "devices.crt", "chain.crt", kept, ": good");
      verified(published, "devices.crt", kept, true);
    }
    told(published, "devices.crt", "chain.crt", gone, ": revoked");
    told(published, "g2.crt", "chain2.crt", moved, ": good");
    told(published, "g2.crt", "chain2.crt", lost, ": revoked");
    // Asked in the other's name, nobody vouches.
    unknown(published, "g2.crt", "chain2.crt", gone);
    unknown(published, "devices.crt", "chain.crt", moved);
    delegated(published, "g2.crt", moved, "SallyportDevicesCAG2");
    delegated(published, "devices.crt", gone, "SallyportDevicesCA");
    verified(published, "g2.crt", moved, true);
    verified(published, "devices.crt", gone, false);
    verified(published, "g2.crt", lost, false);
    signed(published, "devices", "chain.crt", "chain2.crt");
    signed(published, "devices-g2", "chain2.crt", "chain.crt");
  }

  private static void told(
      Published published, String issuer, String chain, Path certificate, String status) {
    var command =
        "openssl ocsp -issuer %s -CAfile %s -no-CApath -no-CAstore -url $URL/ocsp -cert %s"
            .formatted(issuer, chain, certificate);
    Patience.until(
        certificate + status + " by " + issuer,
        () -> {
          var said = published.line(command).expecting(0).said();
          assertThat(said).contains("Response verify OK");
          return said.contains(status);
        });
  }

  /** The responder's certificate is of the CA that is asked about, and of no other. */
  private static void delegated(
      Published published, String issuer, Path certificate, String authority) {
    var said =
        published
            .line(
                "openssl ocsp -issuer %s -noverify -resp_text -url $URL/ocsp -cert %s"
                    .formatted(issuer, certificate))
            .expecting(0)
            .said();
    assertThat(said.lines().map(line -> line.replace(" ", "")).filter(l -> l.startsWith("Issuer:")))
        .containsOnly("Issuer:CN=" + authority);
  }

  /** By the serial alone: with the certificate, openssl would ask in the name that it holds. */
  private static void unknown(Published published, String issuer, String chain, Path certificate) {
    var said =
        published
            .line(
                "openssl ocsp -issuer %s -CAfile %s -no-CApath -no-CAstore -url $URL/ocsp -serial 0x$(openssl x509 -in %s -noout -serial | cut -d= -f2)"
                    .formatted(issuer, chain, certificate))
            .expecting(0)
            .said();
    assertThat(said).contains("Response verify OK", ": unknown");
  }

  /** By the list that the certificate itself points to. */
  private static void verified(
      Published published, String issuer, Path certificate, boolean isGood) {
    var command =
        "openssl verify -crl_check -crl_download -no-CApath -no-CAstore -CAfile root.crt"
            + " -untrusted "
            + issuer
            + " "
            + certificate;
    Patience.until(
        command + " is " + isGood,
        () -> {
          var said = published.line(command).said();
          return isGood ? said.contains(": OK") : said.contains("certificate revoked");
        });
  }

  private static void signed(Published published, String list, String by, String notBy) {
    var fetched = "curl -sS -o list.crl $URL/crl/" + list + ".crl && ";
    var read = "openssl crl -inform DER -in list.crl -noout -no-CApath -no-CAstore -CAfile ";
    assertThat(published.line(fetched + read + by).said()).contains("verify OK");
    assertThat(published.line(fetched + read + notBy).said()).doesNotContain("verify OK");
  }

  private static Ran rollover(Published published, String... words) {
    var command = new String[words.length + 2];
    command[0] = "ca";
    command[1] = "rollover";
    System.arraycopy(words, 0, command, 2, words.length);
    return published.product.cli(command);
  }
}
