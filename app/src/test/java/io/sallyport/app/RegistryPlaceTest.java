package io.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.MqttKeys;
import io.sallyport.app.configuration.ServerKeys;
import io.sallyport.app.installation.DataDirectory;
import io.sallyport.app.node.Node;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Terminal;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data directory and the database that its registry is in, which a real PostgreSQL may be. */
class RegistryPlaceTest {
  private static EmbeddedPostgres postgres;
  private static int databases;

  @TempDir private Path folder;
  private Path data;
  private String url = "";
  private String config = "";

  @BeforeAll
  static void startPostgres() throws Exception {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    postgres.close();
  }

  @BeforeEach
  void makeDatabase() throws Exception {
    data = folder.resolve("data");
    url = freshDatabase();
    config = configuration("c.yaml", url);
  }

  @Test
  void theRegistryMovesToPostgresqlWithEverythingInIt() throws Exception {
    done("ca", "init");
    done("device", "enroll", "d-1", "--bundle", folder.resolve("d-1").toString());
    done("device", "enroll", "d-2", "--bundle", folder.resolve("d-2").toString());
    done("device", "revoke", "d-2");
    var devices = done("device", "list");

    var early = run("up", "--config", config);
    assertThat(early.code()).isEqualTo(2);
    assertThat(early.err()).contains("sallyport.db", url, "sallyport registry move --config");

    var moved = run("registry", "move", "--config", config);
    assertThat(moved.code()).as(moved.err()).isZero();
    assertThat(moved.out()).contains("unbroken");
    assertThat(moved.err()).contains("sallyport.db is not used any more");
    var head = moved.out().lines().filter(line -> line.startsWith("head ")).findFirst();

    try (var _ = start()) {
      assertThat(done("device", "list")).isEqualTo(devices);
      assertThat(done("ledger", "verify")).startsWith("unbroken");
      done("device", "enroll", "d-3", "--bundle", folder.resolve("d-3").toString());
      var ledger = done("ledger", "tail", "-n", "100", "--json");
      assertThat(ledger).contains(head.orElseThrow().substring("head ".length()));
    }
    var again = run("registry", "move", "--config", config);
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("already");
  }

  @Test
  void anOldFileIsNotTakenForTheRegistryThatIsInPostgresql() throws Exception {
    done("ca", "init");
    done("device", "enroll", "d-1", "--bundle", folder.resolve("d-1").toString());
    done("registry", "move", "--config", config);
    var old = Files.readAllBytes(data.resolve("sallyport.db"));

    var out = folder.resolve("root.pem").toString();
    String[][] lines = {
      {"device", "revoke", "d-1"},
      {"ledger", "verify"},
      {"up"},
      {"ca", "export", "--root-key", "--out", out},
      {"up", "--config", configuration("other.yaml", freshDatabase())}
    };
    for (var line : lines) {
      var refused = run(line);
      assertThat(refused.code()).as(String.join(" ", line)).isEqualTo(2);
      assertThat(refused.err().lines()).hasSize(1);
      assertThat(refused.err()).contains(url).containsAnyOf("--config", "delete");
    }
    assertThat(Files.readAllBytes(data.resolve("sallyport.db"))).isEqualTo(old);
    assertThat(folder.resolve("root.pem")).doesNotExist();
  }

  @Test
  void anInstallationThatBeganOnPostgresqlNeverGetsAFile() throws Exception {
    done("ca", "init", "--config", config);
    for (var line : new String[][] {{"device", "list"}, {"up"}}) {
      var refused = run(line);
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err()).contains(url, "sallyport up --config");
    }
    assertThat(data.resolve("sallyport.db")).doesNotExist();
    try (var _ = start()) {
      assertThat(done("device", "list", "--json")).contains("devices");
    }
  }

  @Test
  void aFileThatIsGoneIsNotReplacedByAnEmptyOne() throws Exception {
    done("ca", "init");
    Files.delete(data.resolve("sallyport.db"));
    for (var line : new String[][] {{"up"}, {"device", "list"}}) {
      var refused = run(line);
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err()).contains("is gone", "backup");
    }
    assertThat(data.resolve("sallyport.db")).doesNotExist();
  }

  @Test
  void nothingIsMovedIntoARegistryOfSomebodyElse() throws Exception {
    done("ca", "init", "--config", config);
    data = folder.resolve("second");
    done("ca", "init");

    var refused = run("registry", "move", "--config", config);

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("another registry");
    assertThat(run("device", "list").code()).isZero();
  }

  @Test
  void aMoveNeedsAStoppedServerAndAPlaceToGo() throws Exception {
    assertThat(run("registry", "move", "--config", config).err()).contains("there is no registry");
    done("ca", "init");
    var nowhere = run("registry", "move");
    assertThat(nowhere.code()).isEqualTo(2);
    assertThat(nowhere.err()).contains("database.url");
    try (var _ = start(Configuration.defaults())) {
      var running = run("registry", "move", "--config", config);
      assertThat(running.code()).isEqualTo(2);
      assertThat(running.err()).contains("another sallyport process");
    }
    assertThat(run("device", "list").code()).isZero();
  }

  private Node start() throws Exception {
    return start(Configuration.read(Path.of(config)));
  }

  private Node start(Configuration configuration) {
    var silent = new PrintStream(OutputStream.nullOutputStream());
    var terminal = new Terminal(silent, silent, InputStream.nullInputStream(), false, false);
    var machine = new Machine(InstantSource.system(), System::nanoTime, Map.of(), terminal);
    return Node.start(
        new DataDirectory(data),
        configuration.with(MqttKeys.MQTT_PORT, 0).with(ServerKeys.HTTPS_PORT, 0),
        machine);
  }

  private static String freshDatabase() throws Exception {
    var name = "place" + ++databases;
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
    }
    return "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + name;
  }

  private String configuration(String file, String database) throws Exception {
    var yaml = "database:\n  url: " + database + "\n  user: postgres\n";
    return Files.writeString(folder.resolve(file), yaml).toString();
  }

  private CommandLine.Ran run(String... words) {
    return new CommandLine(data).with("SALLYPORT_EXPORT_PASSPHRASE", "correct horse").run(words);
  }

  private String done(String... words) {
    var ran = run(words);
    assertThat(ran.code()).as(ran.err()).isZero();
    return ran.out();
  }
}
