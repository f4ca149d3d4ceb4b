package io.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sallyport ca lint} as an operator meets it. */
class CaLintTest {
  @TempDir private Path folder;

  private CommandLine.Ran lint(Path file, String... options) {
    var words = new String[3 + options.length];
    words[0] = "ca";
    words[1] = "lint";
    words[2] = file.toString();
    System.arraycopy(options, 0, words, 3, options.length);
    return new CommandLine(folder.resolve("data")).bare(words);
  }

  private Path authorities() {
    new CommandLine(folder.resolve("data")).run("ca", "init");
    return folder.resolve("data").resolve("ca");
  }

  @Test
  void findsNothingInOurOwnChainAsPemAndAsDer() throws IOException, MalformedPem {
    var authorities = authorities();
    var root = Files.readString(authorities.resolve("root.crt"));
    var chain = folder.resolve("chain.pem");
    Files.writeString(chain, Files.readString(authorities.resolve("devices.crt")) + root);
    var der = Files.write(folder.resolve("root.der"), Pem.decode(root, "CERTIFICATE"));

    var ofChain = lint(chain);
    assertThat(ofChain.code()).as(ofChain.err()).isZero();
    assertThat(ofChain.out()).isEqualTo("nothing found in 2 certificate(s)\n");
    assertThat(lint(der).code()).isZero();
  }

  @Test
  void aChangedByteIsAFindingAndExitCodeOne() throws IOException, MalformedPem {
    var pem = Files.readString(authorities().resolve("root.crt"));
    var der = Pem.decode(pem, "CERTIFICATE");
    der[der.length - 1] ^= 1;
    var file = Files.write(folder.resolve("changed.der"), der);

    assertThat(lint(file).code()).isEqualTo(1);
    assertThat(lint(file).out()).contains("rfc5280-6.1.3-signature").contains("error");
    assertThat(lint(file, "--json").out()).contains("\"rule\" : \"rfc5280-6.1.3-signature\"");
  }

  @Test
  void whatIsNoCertificateIsAFindingAndWhatIsNoFileIsBadInput() throws IOException {
    var garbage = Files.writeString(folder.resolve("garbage"), "not a certificate");
    var key = Files.writeString(folder.resolve("key.pem"), "-----BEGIN PRIVATE KEY-----\n");
    var huge = Files.write(folder.resolve("huge"), new byte[(1 << 20) + 1]);

    assertThat(lint(garbage).code()).isEqualTo(1);
    assertThat(lint(garbage).out()).contains("rfc5280-4.1-structure");
    assertThat(lint(key).code()).isEqualTo(2);
    assertThat(lint(huge).code()).isEqualTo(2);
    assertThat(lint(folder.resolve("none")).code()).isEqualTo(2);
  }

  @Test
  void aListOfWeakKeysThatCannotBeReadStopsTheStart() throws IOException {
    var list = Files.writeString(folder.resolve("list"), "# keys\nnot a key\n");
    var configuration =
        Files.writeString(folder.resolve("c.yaml"), "ca:\n  weak-key-list: " + list + "\n");
    var line = new CommandLine(folder.resolve("data"));

    var ran = line.run("ca", "init", "--config", configuration.toString());

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("ca.weak-key-list").contains("line 2");
  }
}
