package io.sallyport.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.control.TestDatabase;
import io.sallyport.control.registry.AttachedPolicies;
import io.sallyport.control.registry.DeviceFacts;
import io.sallyport.control.registry.Grants;
import io.sallyport.control.registry.Principals;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void isMigratedOnceAndOpenedAgain(TestDatabase kind) {
    var url = kind.freshUrl();
    try (var first = Database.open(url, null, null)) {
      first.change(handle -> handle.execute("update ledger_head set sequence = 7"));
    }
    try (var again = Database.open(url, null, null)) {
      int sequence =
          again.read(
              handle ->
                  handle.select("select sequence from ledger_head").mapTo(Integer.class).one());
      assertThat(sequence).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void knowsTheNewestMigration(String dialect) throws Exception {
    var names = new ArrayList<String>();
    for (var file :
        List.of("schema/V1__registry.sql", "dialect/" + dialect + "/V5__byte_order.sql")) {
      try (var files =
          Files.list(Path.of(DatabaseTest.class.getResource(file).toURI()).getParent())) {
        files.forEach(one -> names.add(one.getFileName().toString()));
      }
    }
    assertThat(names)
        .allMatch(name -> name.matches("V\\d+__\\w+\\.sql"))
        .anyMatch(name -> name.startsWith("V" + Schema.VERSION + "__"))
        .noneMatch(name -> name.startsWith("V" + (Integer.parseInt(Schema.VERSION) + 1) + "__"));
  }

  /** A client goes on after the last id of a page only if the next one is greater to it, too. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void pagesAreInTheOrderOfBytesWhateverTheLanguageOfTheDatabase(TestDatabase kind) {
    var ids = List.of("A", "B-1", "B1", "Z", "_", "a", "a:1", "b-1", "b1", "z");
    try (var database = kind.fresh()) {
      database.change(
          handle ->
              ids.reversed()
                  .forEach(
                      id ->
                          Principals.insert(
                              handle,
                              new PrincipalId(id),
                              PrincipalKind.DEVICE,
                              "",
                              Map.of(),
                              Instant.EPOCH)));
      var principals = new Principals(new AttachedPolicies());
      var found = new ArrayList<String>();
      while (true) {
        var after = found.isEmpty() ? "" : found.getLast();
        var page = database.read(handle -> principals.page(handle, after, 3));
        if (page.isEmpty()) {
          break;
        }
        page.forEach(one -> found.add(one.id().value()));
      }
      assertThat(found).isEqualTo(ids);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void theRegistryOfTheFirstSchemaGoesOn(TestDatabase kind) {
    var url = kind.freshUrl();
    var first =
        Flyway.configure()
            .dataSource(url, null, null)
            .locations("classpath:io/sallyport/control/store/schema")
            .target("1")
            .load();
    assertThat(first.migrate().migrationsExecuted).isEqualTo(1);
    try (var old = Jdbi.open(url)) {
      old.execute(
          "insert into principal (id, kind, standing, thing_type, attributes, enrolled_at,"
              + " changed_at) values ('d-1', 'device', 'active', '', '{}', 1, 1)");
    }
    try (var database = Database.open(url, null, null)) {
      var kept =
          database
              .read(
                  handle ->
                      new Principals(new AttachedPolicies()).find(handle, new PrincipalId("d-1")))
              .orElseThrow();
      assertThat(kept.facts()).isEqualTo(DeviceFacts.UNKNOWN);
      assertThat(kept.grants()).isEqualTo(Grants.NONE);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aReadSeesOneStateWhateverIsCommittedMeanwhile(TestDatabase kind) {
    var url = kind.freshUrl();
    try (var database = Database.open(url, null, null);
        var writer = Database.open(url, null, null)) {
      var seen =
          database.read(
              handle -> {
                var before = sequence(handle);
                writer.change(
                    other -> other.execute("update ledger_head set sequence = sequence + 1"));
                return List.of(before, sequence(handle));
              });
      assertThat(seen).containsExactly(0, 0);
      assertThat(database.<Integer>read(DatabaseTest::sequence)).isEqualTo(1);
    }
  }

  private static int sequence(Handle handle) {
    return handle.select("select sequence from ledger_head").mapTo(Integer.class).one();
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void refusesTheDatabaseOfANewerProgram(TestDatabase kind) {
    var url = kind.freshUrl();
    try (var database = Database.open(url, null, null)) {
      database.change(
          handle ->
              handle.execute(
                  "insert into flyway_schema_history (installed_rank, version, description, type,"
                      + " script, checksum, installed_by, execution_time, success)"
                      + " values (99, '99', 'future', 'SQL', 'V99__future.sql', 1, 'x', 1, "
                      + (kind == TestDatabase.SQLITE ? "1" : "true")
                      + ")"));
    }
    assertThatThrownBy(() -> Database.open(url, null, null)).isInstanceOf(StoreUnavailable.class);
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aWriteThatFailsLeavesNothing(TestDatabase kind) {
    try (var database = kind.fresh()) {
      assertThatThrownBy(
              () ->
                  database.change(
                      handle -> {
                        handle.execute("update ledger_head set sequence = 7");
                        throw new IllegalStateException("on purpose");
                      }))
          .isInstanceOf(IllegalStateException.class);
      int sequence =
          database.read(
              handle ->
                  handle.select("select sequence from ledger_head").mapTo(Integer.class).one());
      assertThat(sequence).isZero();
    }
  }

  @Test
  void writersOfTwoProcessesNeverFindTheFileBusy(@TempDir Path folder) throws Exception {
    var url = TestDatabase.sqliteUrl(folder.resolve("sallyport.db"));
    try (var one = Database.open(url, null, null);
        var other = Database.open(url, null, null);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<?>>();
      for (int thread = 0; thread < 8; thread++) {
        var database = thread % 2 == 0 ? one : other;
        running.add(
            threads.submit(
                () -> {
                  for (int index = 0; index < 20; index++) {
                    database.change(
                        handle -> handle.execute("update ledger_head set sequence = sequence + 1"));
                  }
                }));
      }
      for (var each : running) {
        each.get();
      }
      int sequence =
          one.read(
              handle ->
                  handle.select("select sequence from ledger_head").mapTo(Integer.class).one());
      assertThat(sequence).isEqualTo(160);
    }
  }

  @Test
  void readersCannotWrite(@TempDir Path folder) {
    try (var database =
        Database.open(TestDatabase.sqliteUrl(folder.resolve("sallyport.db")), null, null)) {
      assertThatThrownBy(
              () -> database.read(handle -> handle.execute("update ledger_head set sequence = 1")))
          .isInstanceOf(StoreUnavailable.class);
    }
  }

  @Test
  void refusesAUrlOfAnotherDatabase() {
    assertThatThrownBy(() -> Database.open("jdbc:h2:mem:x", null, null))
        .isInstanceOf(StoreUnavailable.class);
  }
}
