package io.sallyport.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.enforcement.Surroundings;
import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.control.messaging.DeskPrincipal;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.ledger.Chain;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole process is killed, as by a power cut; nothing that was acknowledged is lost. */
class CrashTest {
  private static final String LAST_ENROLLED = "enrolled crash-";

  /** Kills at the first line of that kind after some rounds: in the middle of what follows it. */
  @ParameterizedTest
  @ValueSource(strings = {"asking crash-20", "enrolled crash-21", "cutting crash-21"})
  void nothingAcknowledgedIsLost(String moment, @TempDir Path folder) throws Exception {
    var url = TestDatabase.sqliteUrl(folder.resolve("sallyport.db"));
    var lines = runUntilKilled(url, moment);
    var enforcement = new RecordingEnforcement();
    var clock = new TestClock();
    var authorities = Authorities.create(Serials.random(), clock.instant());

    try (var database = Database.open(url, null, null);
        var control = Control.open(Desk.CONFIGURATION, database, authorities, clock)) {
      var none = Surroundings.none();
      control.serve(
          new Surroundings(
              enforcement,
              none.connections(),
              none.metrics(),
              none.retained(),
              none.gatewayStatus(),
              none.exchangeStatus(),
              none.bans(),
              none.gatewayHost(),
              none.gatewayPort(),
              none.pins(),
              none.maintenance(),
              none.listeners()),
          Desk.credentials(authorities, clock.instant()),
          () -> false);
      var found = new HashMap<String, PrincipalRecord>();
      control.forEachPrincipal(principal -> found.put(principal.id().value(), principal));

      assertThat(control.ledger().verify().verdict()).isInstanceOf(Chain.Intact.class);
      // The server's own client, which has no certificate.
      assertThat(found.remove(DeskPrincipal.ID.value())).isNotNull();
      assertThat(found.keySet()).containsAll(named(lines, "enrolled"));
      assertThat(named(lines, "revoked"))
          .isNotEmpty()
          .allSatisfy(id -> assertRevoked(Objects.requireNonNull(found.get(id))));
      assertThat(found.values())
          .allSatisfy(principal -> assertThat(principal.certificates()).hasSize(1));
      assertCutsWereFinished(found, lines, enforcement);
      assertTheInterruptedOneCanBeEnrolled(control, lines, found);
    }
  }

  /** Whoever is revoked and has no receipt was cut by the new process. */
  private static void assertCutsWereFinished(
      Map<String, PrincipalRecord> found, List<String> lines, RecordingEnforcement enforcement) {
    var receipts = named(lines, "revoked");
    for (var principal : found.values()) {
      var id = principal.id().value();
      if (principal.standing() == Standing.REVOKED && !receipts.contains(id)) {
        assertThat(enforcement.toldOf(id)).contains("cut " + id + " REVOKED");
      }
    }
  }

  private static void assertTheInterruptedOneCanBeEnrolled(
      Control control, List<String> lines, Map<String, PrincipalRecord> found) {
    var last = lines.stream().filter(line -> line.startsWith("asking ")).toList().getLast();
    var words = last.split(" ", -1);
    var csr = new String(Base64.getDecoder().decode(words[2]), StandardCharsets.US_ASCII);
    var request =
        new EnrolmentRequest(PrincipalKind.DEVICE, words[1], csr, Map.of(), "", null, null);

    var answer = control.enroller().enrol(request, "parent");

    if (found.containsKey(words[1])) {
      assertThat(answer).isInstanceOf(Enrolment.Refused.class);
    } else {
      assertThat(answer).isInstanceOf(Enrolment.Issued.class);
    }
  }

  private static void assertRevoked(PrincipalRecord principal) {
    assertThat(principal.standing()).isEqualTo(Standing.REVOKED);
    assertThat(principal.activeCertificates()).isEmpty();
  }

  private static List<String> named(List<String> lines, String what) {
    return lines.stream()
        .filter(line -> line.startsWith(what + " "))
        .map(line -> line.substring(what.length() + 1))
        .toList();
  }

  private static List<String> runUntilKilled(String url, String moment) throws Exception {
    var java = ProcessHandle.current().info().command().orElseThrow();
    var child =
        new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingChild.class.getName(),
                url)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var lines = new ArrayList<String>();
    try (var out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
        if (line.startsWith(moment)) {
          // SIGKILL to the process itself: the Process object would close the pipe at once.
          assertThat(child.toHandle().destroyForcibly()).isTrue();
        }
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertThat(lines).anyMatch(line -> line.startsWith(LAST_ENROLLED));
    return lines;
  }
}
