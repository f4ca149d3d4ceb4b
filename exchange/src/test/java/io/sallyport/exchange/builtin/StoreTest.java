package io.sallyport.exchange.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.ExchangeUnavailable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file that the exchange keeps: refused when it is not sound, never lied about when full. */
@Timeout(60)
class StoreTest {
  @TempDir Path directory;

  private Path file() {
    return directory.resolve("exchange.db");
  }

  private void fill(int messages) {
    try (World world = new World(directory)) {
      world.persistent("one").subscribe("t", 1).drop();
      Client publisher = world.clean("publisher");
      for (int i = 0; i < messages; i++) {
        publisher.send("t", "m" + i + "x".repeat(500), 1, false);
      }
      world.settle();
    }
  }

  private void assertRefused(String why) {
    assertThatThrownBy(() -> new World(directory))
        .isInstanceOf(ExchangeUnavailable.class)
        .hasMessageContaining(why)
        .hasMessageContaining("exchange.db");
  }

  @Test
  void isReadableByItsOwnerAlone() throws IOException {
    fill(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void refusesATextFile() throws IOException {
    Files.writeString(file(), "not a database at all\n".repeat(100));
    assertRefused("cannot be used");
  }

  @Test
  void refusesSomebodyElsesDatabase() throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE precious (id INTEGER)");
    }
    assertRefused("not a store of the exchange");
  }

  @Test
  void refusesAStoreOfANewerVersion() throws SQLException {
    fill(1);
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 99");
    }
    assertRefused("version 99");
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    fill(500);
    try (var cut = new RandomAccessFile(file().toFile(), "rw")) {
      cut.setLength(cut.length() / 2);
    }
    assertThatThrownBy(() -> new World(directory))
        .isInstanceOf(ExchangeUnavailable.class)
        .hasMessageContaining("exchange.db");
  }

  @Test
  void refusesAFileWithOverwrittenPages() throws IOException {
    fill(500);
    try (var damage = new RandomAccessFile(file().toFile(), "rw")) {
      for (long at = 8_192; at < damage.length(); at += 4_096) {
        damage.seek(at);
        damage.write("garbage".repeat(20).getBytes(StandardCharsets.US_ASCII));
      }
    }
    assertThatThrownBy(() -> new World(directory))
        .isInstanceOf(ExchangeUnavailable.class)
        .hasMessageContaining("exchange.db");
  }

  /** It would be room for as many ids, two thousand million of them. */
  @Test
  void refusesAPacketIdThatMqttDoesNotHave() throws SQLException {
    fill(1);
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = connection.createStatement()) {
      assertThat(statement.executeUpdate("UPDATE delivery SET packet_id = " + Integer.MAX_VALUE))
          .isPositive();
    }
    assertRefused("packet id is " + Integer.MAX_VALUE);
  }

  @Test
  void refusesADirectoryThatAnotherProcessUses() {
    try (World first = new World(directory)) {
      first.persistent("one");
      assertRefused("cannot be used");
    }
  }

  @Test
  void neverAcknowledgesWhatDidNotFitOnTheDisk() {
    int acknowledged = 0;
    try (World world = new World(directory, ExchangeLimits.DEFAULTS, 60, Duration.ZERO)) {
      world.persistent("one").subscribe("t", 1).drop();
      Client publisher = world.clean("publisher");
      publisher.read();
      boolean refused = false;
      for (int i = 0; i < 200; i++) {
        publisher.publish("t", "m" + i + " " + "x".repeat(2_000), 1);
        String answer = publisher.read().getFirst();
        acknowledged += answer.endsWith(" SUCCESS") ? 1 : 0;
        refused |= answer.endsWith(" UNSPECIFIED_ERROR");
      }
      assertThat(refused).isTrue();
      publisher.publish("nobody", "m", 1);
      assertThat(publisher.read().getFirst()).endsWith(" NO_MATCHING_SUBSCRIBERS");
      Client late = world.persistent("late");
      assertThat(late.read()).containsAnyOf("CLOSED SERVER_UNAVAILABLE", "CONNACK");
    }
    try (World world = new World(directory)) {
      Client one = world.client("one").connect(false, World.FOREVER);
      assertThat(one.messages()).hasSize(acknowledged);
    }
  }

  /** What must be written is tried again, and what comes after it is not taken for written. */
  @Test
  void neverAcknowledgesWhileSomethingElseWaitsToBeWritten() throws InterruptedException {
    try (World world = new World(directory)) {
      world.persistent("away").subscribe("t", 1).drop();
      Client leaving = world.persistent("leaving");
      Client publisher = world.clean("publisher");
      publisher.read();
      world.storeRefuses(true);
      leaving.session().lost();
      for (int i = 0; i < 20; i++) {
        String answered = "PUBACK " + publisher.send("t", "lost", 1, false) + " ";
        while (!publisher.has(answered + "UNSPECIFIED_ERROR")) {
          assertThat(publisher.has(answered + "SUCCESS")).isFalse();
          Thread.sleep(1);
          world.turn();
        }
      }
      world.storeRefuses(false);
      publisher.publish("t", "kept", 1);
      assertThat(publisher.read()).last().asString().endsWith(" SUCCESS");
    }
    try (World world = new World(directory)) {
      assertThat(world.client("away").connect(false, World.FOREVER).payloads())
          .containsExactly("kept");
    }
  }

  @Test
  void goesOnWhenThereIsRoomAgain() {
    try (World world = new World(directory, ExchangeLimits.DEFAULTS, 60, Duration.ZERO)) {
      Client one = world.persistent("one").subscribe("t", 2);
      one.drop();
      Client publisher = world.clean("publisher");
      publisher.read();
      boolean refused = false;
      while (!refused) {
        publisher.publish("t", "x".repeat(2_000), 2);
        refused = publisher.read().getFirst().endsWith(" UNSPECIFIED_ERROR");
      }
      one.connect(false, World.FOREVER);
      assertThat(one.payloads()).isNotEmpty();
      publisher.publish("t", "again", 2);
      assertThat(publisher.read().getFirst()).endsWith(" SUCCESS");
      assertThat(one.payloads()).containsExactly("again");
    }
  }

  @Test
  void survivesALogThatWasCutOff() throws IOException {
    Path copy = directory.resolve("copy");
    Files.createDirectories(copy);
    try (World world = new World(directory)) {
      world.persistent("one").subscribe("t", 1).drop();
      Client publisher = world.clean("publisher");
      for (int i = 0; i < 50; i++) {
        publisher.publish("t", "m" + i, 1);
      }
      Files.copy(file(), copy.resolve("exchange.db"));
      Files.copy(directory.resolve("exchange.db-wal"), copy.resolve("exchange.db-wal"));
    }
    try (var cut = new RandomAccessFile(copy.resolve("exchange.db-wal").toFile(), "rw")) {
      cut.setLength(cut.length() * 2 / 3);
    }
    try (World world = new World(copy)) {
      Client one = world.client("one").connect(false, World.FOREVER);
      var payloads = one.payloads();
      assertThat(payloads).hasSizeBetween(1, 49);
      for (int i = 0; i < payloads.size(); i++) {
        assertThat(payloads.get(i)).isEqualTo("m" + i);
      }
    }
  }
}
