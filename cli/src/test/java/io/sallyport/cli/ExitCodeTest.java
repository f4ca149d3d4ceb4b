package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.cli.server.LocalServer;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a command can fail has its exit code and says one clear line. */
class ExitCodeTest {
  @TempDir private Path directory;
  private Desk desk;
  private Path data;

  @BeforeEach
  void start() throws Exception {
    desk = new Desk();
    data = desk.dataDirectory(directory.resolve("data"));
  }

  @AfterEach
  void stop() {
    desk.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "device",
        "devcie list",
        "device lsit",
        "device list --jsno",
        "device list --limit none",
        "device list --limit 0",
        "device list --standing asleep",
        "device list surplus",
        "device show",
        "device show a/b",
        "device revoke device-1 --reason boredom",
        "device enroll",
        "device enroll device-1",
        "device enroll device-1 --csr a --bundle b",
        "device enroll device-1 --bundle a --out b",
        "device enroll device# --bundle a",
        "device enroll --from a",
        "device enroll device-1 --from a --out b",
        "device enroll --from no-such-file --out b",
        "device enroll device-1 --csr no-such-file",
        "device enroll device-1 --bundle a --attribute keyonly",
        "device enroll device-1 --bundle a --days soon",
        "policy put name no-such-file",
        "policy check no-such-file",
        "policy test no-such-file",
        "policy explain --publish a",
        "policy explain --device d-1",
        "policy explain --device d-1 --publish a --receive b",
        "policy explain --device d/1 --publish a",
        "policy explain --device d-1 --publish a --set novalue",
        "ledger tail -n 0",
        "ledger tail -n 501",
        "operator enroll anna --out a",
        "operator enroll anna --role king --out a",
        "status --server http://localhost:1",
        "status --server https://user@localhost:1",
        "status --server https://localhost:1/path",
        "status --data a --operator-dir b",
      })
  void wrongUseIsTwoAndOneLineAndAsksNobody(String words) {
    var arguments = words.isEmpty() ? new String[0] : words.split(" ");

    var run = Run.command(directory, arguments);

    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("sallyport: ");
    assertThat(run.out()).isEmpty();
    assertThat(desk.calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "400, 2", "413, 2", "415, 2", "401, 1", "403, 1", "404, 1", "409, 1", "422, 1", "500, 3",
    "503, 3", "302, 3", "418, 3"
  })
  void anAnswersStatusDecides(int status, int exitCode) {
    desk.refuses("GET devices/device-1", status, "so it is");

    var run = command("device", "show", "device-1");

    assertThat(run).isEqualTo(new Run(exitCode, "", "sallyport: so it is\n"));
  }

  @Test
  void anAnswerThatIsNoProblemDocumentIsReportedByItsStatus() {
    desk.says("GET devices/device-1", 502, "<html>bad gateway</html>");

    assertThat(command("device", "show", "device-1"))
        .isEqualTo(new Run(3, "", "sallyport: the server answered with status 502\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "nothing", "{}", "{\"id\":5}"})
  void anAnswerThatMakesNoSenseIsThree(String body) {
    desk.says("GET devices/device-1", 200, body);

    var run = command("device", "show", "device-1");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void aServersTextCannotDriveTheTerminal() {
    desk.refuses("GET devices/device-1", 404, "no\u001b[2J\nsuch\u202edevice\u0007");

    assertThat(command("device", "show", "device-1").err())
        .isEqualTo("sallyport: no?[2J?such?device?\n");
  }

  @Test
  void noServerIsThreeAndSaysWhatToDo() throws Exception {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var address = "https://localhost:" + port;
    Files.writeString(data.resolve("endpoint.json"), "{\"https\":\"" + address + "\"}");

    var run = command("status");

    var line = "sallyport: no server answers at " + address + "; start one with `sallyport up`\n";
    assertThat(run).isEqualTo(new Run(3, "", line));
    assertThat(command("status", "--server", address)).isEqualTo(run);
  }

  @Test
  void noServerEverIsThreeAndSaysWhatToDo() throws Exception {
    Files.delete(data.resolve("endpoint.json"));

    var run = command("status");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("start one with `sallyport up`");
  }

  @Test
  void whereNoServerListensOneIsStartedForTheCommandAndEnded() throws Exception {
    Files.delete(data.resolve("endpoint.json"));
    desk.says("GET status", 200, "{\"version\":\"1\"}");
    var ended = new boolean[1];
    LocalServer local =
        _ ->
            Optional.of(
                new LocalServer.Running() {
                  @Override
                  public URI address() {
                    return desk.address();
                  }

                  @Override
                  public void close() {
                    ended[0] = true;
                  }
                });

    var run = Run.script(directory).local(local).command("status", "--data", data.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(ended[0]).isTrue();
  }

  @Test
  void aServerOfAnotherRootIsNotTalkedTo() throws Exception {
    try (var other = new Desk()) {
      other.says("GET status", 200, "{}");

      var run = command("status", "--server", other.address().toString());

      assertThat(run.exitCode()).isEqualTo(3);
      assertThat(run.err().lines()).hasSize(1);
      assertThat(run.err()).contains("not one that these operator files trust");
      assertThat(other.calls()).isEmpty();
    }
  }

  @Test
  void aServerUnderAnotherNameIsNotTalkedTo() {
    var elsewhere = desk.address().toString().replace("localhost", "127.0.0.2");

    var run = command("status", "--server", elsewhere);

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(desk.calls()).isEmpty();
  }

  @Test
  void aCertificateThatTheServerDoesNotKnowIsRefused() throws Exception {
    try (var other = new Desk()) {
      var run = Run.command(directory, asStranger(other, desk.address()));

      assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
      assertThat(run.err()).contains("refuses this operator certificate");
    }
  }

  /** The command line of an operator of another installation who trusts this server. */
  private String[] asStranger(Desk other, URI server) throws Exception {
    var stranger = other.dataDirectory(directory.resolve("other"));
    Files.copy(
        data.resolve("operator/ca.crt"),
        stranger.resolve("operator/ca.crt"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    return new String[] {"status", "--data", stranger.toString(), "--server", server.toString()};
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
  void anOperatorKeyThatOthersMayTouchIsNotUsed(String mode) throws Exception {
    var key = data.resolve("operator/operator.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));

    var run = command("status");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("chmod 600").contains(mode);
    assertThat(desk.calls()).isEmpty();
  }

  @Test
  void brokenOperatorFilesAreTwo() throws Exception {
    Files.writeString(data.resolve("operator/operator.key"), "not a key");

    assertThat(command("status").exitCode()).isEqualTo(2);
  }

  @Test
  void noOperatorAtAllSaysHowToMakeOne() {
    var run = Run.command(directory, "status", "--data", directory.resolve("none").toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("sallyport ca init");
  }

  @Test
  void theEnvironmentNamesDirectoryAndServer() throws Exception {
    desk.says("GET status", 200, "{\"version\":\"1\"}");
    Files.delete(data.resolve("endpoint.json"));
    var environment =
        Map.of("SALLYPORT_DATA", data.toString(), "SALLYPORT_SERVER", desk.address().toString());

    assertThat(Run.script(directory).environment(environment).command("status").exitCode())
        .isZero();
  }

  @Test
  void thePersonalDirectoryIsTheLastResort() throws Exception {
    desk.says("GET status", 200, "{\"version\":\"1\"}");
    var personal = Files.createDirectories(directory.resolve(".config/sallyport"));
    for (var file : new String[] {"operator.crt", "operator.key", "ca.crt"}) {
      Files.move(data.resolve("operator").resolve(file), personal.resolve(file));
    }
    Files.move(data.resolve("endpoint.json"), personal.resolve("endpoint.json"));

    assertThat(Run.command(directory, "status").exitCode()).isZero();
  }

  private Run command(String... arguments) {
    var all = new java.util.ArrayList<>(java.util.List.of(arguments));
    all.addAll(java.util.List.of("--data", data.toString()));
    return Run.command(directory, all.toArray(String[]::new));
  }
}
