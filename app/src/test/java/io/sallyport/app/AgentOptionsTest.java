package io.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code agent} and {@code simulate} told something wrong: one line that says what, and the code.
 */
class AgentOptionsTest {
  @TempDir private Path folder;
  private CommandLine line;

  @BeforeEach
  void line() {
    line = new CommandLine(folder.resolve("data"));
  }

  private void refuses(CommandLine.Ran ran, int code, String why) {
    assertThat(ran.err()).contains(why).startsWith("sallyport: ");
    assertThat(ran.err().lines().filter(one -> one.startsWith("sallyport: "))).hasSize(1);
    assertThat(ran.err()).doesNotContain("Exception").doesNotContain("\tat ");
    assertThat(ran.out()).isEmpty();
    assertThat(ran.code()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "agent | missing required option: '--bundle",
        "agent --bundle none | none is no bundle of the form pem or aws-iot",
        "agent --bundle none --server gate | not HOST:PORT: gate",
        "agent --bundle none --server gate:0 | not a host and a port: gate:0",
        "agent --bundle none --config none.yaml | none.yaml could not be read",
        "agent --bundle none --timeout soon | --timeout is a number with s, m, h or d",
        "agent --bundle none --colour red | unknown option '--colour'; did you mean --config?",
        "simulate --devices 0 | --devices is 1 to 20000, not 0",
        "simulate --devices 20001 | --devices is 1 to 20000, not 20001",
        "simulate --devices many | invalid value for option '--devices': 'many' is not an int",
        "simulate --rate -1 | --rate is 0 to 100000, not -1.0",
        "simulate --rate Infinity | --rate is 0 to 100000, not Infinity",
        "simulate --rate NaN | --rate is 0 to 100000, not NaN",
        "simulate --connect-rate 0 | --connect-rate is 1 to 20000, not 0",
        "simulate --storm-share 1.1 | --storm-share is 0 to 1, not 1.1",
        "simulate --storm-share NaN | --storm-share is 0 to 1, not NaN",
        "simulate --duration 0s | --duration is a number with s, m, h or d",
        "simulate --storm-every often | --storm-every is a number with s, m, h or d",
        "simulate --bundles none | --bundles: there is no folder none",
      })
  void whatIsWrongIsNamed(String words, String why) {
    refuses(line.bare(words.split(" ", -1)), 2, why);
  }

  @Test
  void bundlesThatAreNoneAreRefused() throws IOException {
    var fleet = Files.createDirectories(folder.resolve("fleet"));
    refuses(line.bare("simulate", "--bundles", fleet.toString()), 2, "there is no bundle below");

    Files.createDirectory(fleet.resolve("pump-1"));
    refuses(line.bare("simulate", "--bundles", fleet.toString()), 2, "pump-1 is no bundle");
  }

  @Test
  void whoIsNoOperatorMakesNoFleet() {
    var ran = line.run("simulate", "--devices", "1", "--duration", "1s");

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err().lines().filter(one -> one.startsWith("sallyport: "))).hasSize(1);
    assertThat(ran.err())
        .contains("sallyport: there is no operator certificate in ")
        .doesNotContain("batch kill");
  }

  @Test
  void aKeyThatOthersCanReadIsRefused() throws IOException {
    for (var name : new String[] {"ca.crt", "device.crt", "device.key"}) {
      var made = Files.writeString(folder.resolve(name), "");
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-r--r--"));
    }

    refuses(line.bare("agent", "--bundle", folder.toString()), 2, "device.key");
  }
}
