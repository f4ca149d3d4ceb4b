package io.sallyport.app.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.agent.bundle.Server;
import io.sallyport.agent.outbox.Limits;
import io.sallyport.cli.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code agent.yaml}: every key, and everything that is wrong with one. */
class AgentFileTest {
  @TempDir private Path folder;

  private AgentFile read(String text) throws IOException {
    return AgentFile.read(Files.writeString(folder.resolve("agent.yaml"), text));
  }

  @Test
  void saysWhatItSays() throws IOException {
    var file =
        read(
            """
            buffer-bytes: 65536
            buffer-count: 10
            when-full: refuse-newest
            interval: 5s
            telemetry: {path: /bin/sh, arguments: [-c, date], time: 2s, output-bytes: 100}
            spool: /var/spool/pump
            renewal: "[::1]:8444"
            tenant: waterworks
            command-keys: [/etc/command.pem]
            allow: [ping, flush]
            programs:
              flush: {path: /bin/true, options: [delay]}
            """);

    assertThat(file.limits())
        .isEqualTo(new Limits(65536, 10, 16384, Limits.WhenFull.REFUSE_NEWEST));
    assertThat(file.interval()).isEqualTo(Duration.ofSeconds(5));
    var telemetry = file.telemetry().orElseThrow();
    assertThat(telemetry.arguments()).containsExactly("-c", "date");
    assertThat(telemetry.time()).isEqualTo(Duration.ofSeconds(2));
    assertThat(telemetry.outputMax()).isEqualTo(100);
    assertThat(file.spool()).contains(Path.of("/var/spool/pump"));
    assertThat(file.renewal()).contains(new Server("::1", 8444));
    assertThat(file.tenant()).contains("waterworks");
    assertThat(file.commandKeys()).containsExactly(Path.of("/etc/command.pem"));
    assertThat(file.allowed()).contains(Set.of("ping", "flush"));
    assertThat(file.programs()).containsOnlyKeys("flush");
    assertThat(file.programs().get("flush").options()).containsExactly("delay");
  }

  @ParameterizedTest
  @CsvSource({"''", "'# nothing'", "'tenant:'", "'when-full:'", "'spool:'", "'renewal:'"})
  void whatIsNotSaidIsAsUsual(String text) throws IOException {
    var usual = AgentFile.defaults();

    assertThat(read(text)).isEqualTo(usual);
    assertThat(usual.tenant()).isEmpty();
    assertThat(usual.interval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(usual.limits()).isEqualTo(Limits.DEFAULT);
    assertThat(usual.commandKeys()).isEmpty();
    assertThat(usual.allowed()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "colour: red | there is no key 'colour'; known are allow, buffer-bytes",
        "buffer-bytes: much | buffer-bytes must be a number: much",
        "buffer-bytes: 4095 | buffer-bytes is at least 4096 and buffer-count at least 1",
        "buffer-bytes: -1 | buffer-bytes is at least 4096 and buffer-count at least 1",
        "buffer-bytes: 1.5 | buffer-bytes must be a number: 1.5",
        "buffer-count: 0 | buffer-bytes is at least 4096 and buffer-count at least 1",
        "buffer-count: [1] | buffer-count must be a number: [1]",
        "when-full: wait | when-full is drop-oldest or refuse-newest, not wait",
        "interval: 60 | interval is a number with s, m, h or d",
        "interval: 0s | interval is a number with s, m, h or d",
        "telemetry: /bin/date | telemetry must be a map",
        "telemetry: {path: bin/date} | telemetry: a program is named by an absolute path: bin/date",
        "telemetry: {path: /bin/none-such} | telemetry: no program can be started at"
            + " /bin/none-such",
        "telemetry: {} | telemetry: a program is named by an absolute path",
        "telemetry: {path: /bin/date, shell: yes} | telemetry: there is no key 'shell'",
        "telemetry: {path: /bin/date, arguments: -u} | telemetry.arguments must be a list",
        "telemetry: {path: /bin/date, time: 2h} | telemetry: a program runs for 1 ms to an hour",
        "telemetry: {path: /bin/date, output-bytes: 0} | telemetry: a program's output has 1 to",
        "telemetry: {path: /bin/date, output-bytes: 4294967297} | telemetry: a program's output",
        "spool: {a: b} | spool must be a text",
        "renewal: gate.example | renewal: not HOST:PORT: gate.example",
        "renewal: gate.example:99999 | renewal: not a host and a port: gate.example:99999",
        "tenant: [a] | tenant must be a text",
        "command-keys: /etc/key.pem | command-keys must be a list",
        "allow: ping | allow must be a list",
        "programs: [a] | programs must be a map",
        "programs: {flush: /bin/true} | programs.flush must be a map",
        "programs: {flush: {path: /bin/true, options: delay}} | programs.flush.options must be",
        "[1, 2] | must be a map",
        "'a: b: c' | is not YAML",
        "'tenant: a\ntenant: b' | is not YAML",
      })
  void whatIsWrongIsNamed(String text, String why) throws IOException {
    assertThatThrownBy(() -> read(text.replace("'", "")))
        .isInstanceOf(Failure.class)
        .hasMessageContaining(folder.resolve("agent.yaml").toString())
        .hasMessageContaining(why)
        .satisfies(
            refused -> {
              assertThat(((Failure) refused).kind().exitCode()).isEqualTo(2);
              assertThat(refused.getMessage()).doesNotContain("\n");
            });
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(() -> AgentFile.read(folder.resolve("none.yaml")))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("none.yaml could not be read");
  }
}
