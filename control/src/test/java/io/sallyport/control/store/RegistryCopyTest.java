package io.sallyport.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.Introduced;
import io.sallyport.control.RecordingPins;
import io.sallyport.control.RsaRequests;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.commands.Commanded;
import io.sallyport.control.enforcement.ServerPins.Use;
import io.sallyport.control.enrolment.authority.ApprovalSettings;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.observation.ScriptedWatch;
import io.sallyport.control.pins.Pins;
import io.sallyport.control.registry.Scope;
import io.sallyport.control.store.RegistryCopy.Outcome;
import io.sallyport.identity.Pem;
import io.sallyport.ledger.Chain;
import io.sallyport.policy.Action;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A registry that was worked with, moved from SQLite to PostgreSQL. */
class RegistryCopyTest {
  @Test
  void everyRowOfEveryTableArrives() throws Exception {
    try (var desk = busyDesk();
        var target = TestDatabase.POSTGRESQL.fresh()) {
      assertThat(RegistryCopy.copy(desk.database, target)).isEqualTo(Outcome.COPIED);

      var tables = tables(desk.database);
      assertThat(tables).containsExactlyInAnyOrderElementsOf(RegistryCopy.TABLES);
      for (var table : tables) {
        assertThat(rows(target, table))
            .as(table)
            .isNotEmpty()
            .containsExactlyInAnyOrderElementsOf(rows(desk.database, table));
      }
      var ledger = new LedgerStore(target).verify();
      assertThat(ledger.verdict()).isInstanceOf(Chain.Intact.class);
      assertThat(ledger).isEqualTo(new LedgerStore(desk.database).verify());
    }
  }

  @Test
  void aCopyThatIsThereIsFoundAndAnotherRegistryIsNotTouched() throws Exception {
    try (var desk = busyDesk();
        var other = Desk.open(TestDatabase.POSTGRESQL);
        var target = TestDatabase.POSTGRESQL.fresh()) {
      RegistryCopy.copy(desk.database, target);
      assertThat(RegistryCopy.copy(desk.database, target)).isEqualTo(Outcome.THERE_ALREADY);

      var before = rows(other.database, "ledger");
      var principals = rows(other.database, "principal");
      assertThat(RegistryCopy.copy(desk.database, other.database)).isEqualTo(Outcome.OCCUPIED);
      assertThat(rows(other.database, "ledger")).isEqualTo(before);
      assertThat(rows(other.database, "principal")).isEqualTo(principals);
    }
  }

  @Test
  void moreRowsThanAreHeldInMemory() {
    try (var source = TestDatabase.SQLITE.fresh();
        var target = TestDatabase.POSTGRESQL.fresh()) {
      int count = 1_234;
      source.change(
          handle -> {
            for (int i = 0; i < count; i++) {
              handle.execute(
                  "insert into public_key_seen (spki_sha256, kind, principal, first_seen)"
                      + " values (?, 'device', 'é', ?)",
                  "key" + i,
                  // Small and large numbers, which SQLite hands out as different types.
                  i % 2 == 0 ? i : Long.MAX_VALUE - i);
            }
          });

      assertThat(RegistryCopy.copy(source, target)).isEqualTo(Outcome.COPIED);

      assertThat(rows(target, "public_key_seen"))
          .hasSize(count)
          .containsExactlyInAnyOrderElementsOf(rows(source, "public_key_seen"));
    }
  }

  /** Some of everything that rotation keeps. */
  private static void rotating(Desk desk) {
    var rotations = desk.control.rotations();
    assertThat(rotations.start(List.of("d-5"), null, "admin").toString()).contains("d-5");
    rotations.pause("admin");
    rotations.startAll(null, "admin");
    desk.database.change(
        handle -> {
          handle.execute("insert into rotation_demand values ('d-2', null, 1)");
          handle.execute(
              "insert into rotation_answer values ('d-2', 'nonce', 'csr', 9999999999999)");
          handle.execute("insert into rotation_alarm values ('01', 30)");
          handle.execute("insert into key_use values ('aa', 5000000000, 7)");
          // Written in a year to come: the desk forgets old ones while this test runs.
          handle.execute("insert into key_use_report values ('gate', 3, 4102444800000)");
        });
  }

  /** With at least a row in every table, and columns without a value. */
  private static Desk busyDesk() throws Exception {
    var desk = Desk.open(TestDatabase.SQLITE);
    desk.admin.post("/api/v1/batches", "{\"name\":\"b-1\",\"wanted\":2}");
    desk.admin.post(
        "/api/v1/devices/batch",
        "{\"batch\":\"b-1\",\"devices\":["
            + Desk.enrolment("of-batch", Desk.csr("of-batch"))
            + "]}");
    for (var id : List.of("d-1", "d-2")) {
      var body = Desk.enrolment(id, Desk.csr(id));
      assertThat(desk.admin.post("/api/v1/devices", body).status()).isEqualTo(201);
    }
    var rsa = new RsaRequests(new SplittableRandom(1));
    var body = Desk.enrolment("d-5", RsaRequests.of(rsa.prime(), rsa.prime()));
    assertThat(desk.admin.post("/api/v1/devices", body).status()).isEqualTo(201);
    assertThat(desk.admin.post("/api/v1/enrolment/tokens", "{\"id\":\"d-3\"}").status())
        .isEqualTo(201);
    desk.control
        .desk()
        .enrolByApproval(
            "192.0.2.1",
            Pem.decode(Desk.csr("d-4"), "CERTIFICATE REQUEST"),
            new ApprovalSettings(true, 10, Duration.ofHours(1), Duration.ofSeconds(1)));
    desk.database.change(
        handle ->
            handle.execute(
                "insert into expired_renewal (public_key_sha256, principal, renews, at)"
                    + " values ('aa', 'd-1', 'bb', 1)"));
    Introduced.into(desk);
    Introduced.provisioned(desk);
    Commanded.into(desk, "d-1");
    var maker = Desk.publicKey();
    var key = "{\"format\":\"dice\",\"key\":\"" + maker.replace("\n", "\\n") + "\"}";
    assertThat(desk.admin.post("/api/v1/attestation/keys", key).status()).isEqualTo(201);
    var reference = "{\"component\":\"BL\",\"value\":\"00\"}";
    assertThat(desk.admin.post("/api/v1/attestation/references", reference).status())
        .isEqualTo(200);
    var challenge = desk.admin.post("/api/v1/devices/d-2/attestation/challenge", "{}");
    assertThat(challenge.status()).isEqualTo(201);
    var end = desk.clock.instant().plus(Duration.ofDays(9));
    new Pins(desk.database, desk.clock)
        .handOut(new RecordingPins().with(Use.SERVER, 1, end, end), 1, "test");
    desk.database.change(
        handle -> {
          handle.execute(
              "insert into shadow (thing, name, version, state, metadata, changed_at)"
                  + " values ('d-2', '', 1, '{}', '{}', 1)");
          handle.execute(
              "insert into authority (name, generation, standing, begun_at)"
                  + " values ('devices', 1, 'active', 1)");
          handle.execute(
              "insert into authority_certificate (name, generation, root, pem)"
                  + " values ('devices', 1, 2, 'pem')");
          handle.execute(
              "insert into authority_trust (name, generation, principal, learnt_by, learnt_at)"
                  + " values ('devices', 1, 'somebody', 'cacerts', 1)");
        });
    desk.control.groups().create("lamps", "test");
    desk.control.groups().add("lamps", List.of("d-2"), "test");
    desk.control.groups().attach("default-backend", "lamps", "test");
    desk.api().observations().start(Scope.group("lamps"), List.of("default-device"), "test");
    desk.control.record(
        new ScriptedWatch()
            .saw("d-2", Action.CONNECT, "d-2", true)
            .used("default-device", 1, 0, Action.CONNECT, 0),
        Duration.ofHours(1));
    var attested = desk.admin.post("/api/v1/devices/d-2/state", "{\"attested\":\"no\"}");
    assertThat(attested.status()).isEqualTo(200);
    for (var job : List.of("j-1", "j-2")) {
      var made =
          desk.admin.post(
              "/api/v1/jobs",
              "{\"jobId\":\"%s\",\"document\":{},\"targets\":{\"devices\":[\"d-2\"]}}"
                  .formatted(job));
      assertThat(made.status()).isEqualTo(201);
    }
    desk.database.change(
        handle -> {
          handle.execute(
              "insert into job_execution (job, device, number, latest, status, details, version,"
                  + " queued_at, updated_at, failed_before, timed_out_before)"
                  + " values ('j-1', 'd-2', 1, 1, 'QUEUED', '{}', 1, 1, 1, 0, 0)");
          handle.execute(
              "insert into job_notice (device, next_changed, version) values ('d-2', 1, 1)");
        });
    var revocation = desk.admin.post("/api/v1/devices/d-1/revoke", "{\"reason\":\"superseded\"}");
    assertThat(revocation.status()).isEqualTo(200);
    assertThat(desk.api().publication().list("devices.crl", null).status()).isEqualTo(200);
    assertThat(desk.admin.put("/api/v1/invariants", "{\"invariants\":[]}").status()).isEqualTo(200);
    // Last, because the upkeep would carry the order out.
    rotating(desk);
    return desk;
  }

  private static List<String> tables(Database sqlite) {
    return sqlite.read(
        handle ->
            handle
                .select(
                    "select name from sqlite_schema where type = 'table'"
                        + " and name <> 'flyway_schema_history' and name not like 'sqlite_%'")
                .mapTo(String.class)
                .list());
  }

  /** As text, so that the two databases' types of numbers do not matter. */
  private static List<String> rows(Database database, String table) {
    return database.read(
        handle -> handle.select("select * from " + table).mapToMap().map(Object::toString).list());
  }
}
