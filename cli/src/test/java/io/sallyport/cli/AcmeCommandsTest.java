package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The certificate for public names, as the server tells of it. */
class AcmeCommandsTest {
  // What the command waits at most: ten minutes of half seconds.
  private static final int POLLS_MAX = 1_200;

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

  private static String status(int orders, int renewals, boolean ordering, String more) {
    return """
    {"enabled":true,"names":["a.example.org","b.example.org"],"orders":%d,"renewals":%d,
     "failed":0,"ordering":%b,"next":"2026-06-01T00:00:00Z"%s}
    """
        .formatted(orders, renewals, ordering, more);
  }

  private static final String HELD = ",\"issuer\":\"CN=R11\",\"notAfter\":\"2026-07-01T00:00:00Z\"";

  private Run command(String... words) {
    return pausing(_ -> {}, words);
  }

  private Run pausing(io.sallyport.cli.terminal.Surroundings.Pause pause, String... words) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--data", data.toString()));
    return Run.script(directory).pause(pause).command(all.toArray(String[]::new));
  }

  @Test
  void showsWhatIsHeldAndWhenItIsRenewed() {
    desk.says("GET acme", 200, status(1, 1, false, HELD));

    assertThat(command("acme", "status"))
        .isEqualTo(
            new Run(
                0,
                """
                names       a.example.org b.example.org
                issuer      CN=R11
                ends        2026-07-01T00:00:00Z
                next order  2026-06-01T00:00:00Z
                """,
                ""));
    assertThat(JsonMapper.shared().readTree(command("acme", "status", "--json").out()))
        .isEqualTo(JsonMapper.shared().readTree(status(1, 1, false, HELD)));
  }

  @Test
  void havingNoneIsANoWithTheReason() {
    desk.says("GET acme", 200, "{\"enabled\":false}");
    assertThat(command("acme", "status"))
        .isEqualTo(new Run(1, "no ACME server is configured: acme.directory, acme.domains\n", ""));

    desk.says(
        "GET acme",
        200,
        status(3, 0, false, ",\"why\":\"nobody answers\"").replace("\"failed\":0", "\"failed\":3"));
    var none = command("acme", "status");
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.out()).contains("certificate none yet", "failed      3 times: nobody answers");

    desk.says("GET acme", 200, status(0, 0, true, ""));
    assertThat(command("acme", "status").out()).contains("being ordered now");
  }

  @Test
  void waitsForTheOrderThatItBegan() {
    desk.says("GET acme", 200, status(1, 1, false, HELD));
    desk.says("POST acme/renew", 200, status(1, 1, true, HELD));
    var waited = new ArrayList<Duration>();

    var run =
        pausing(
            time -> {
              waited.add(time);
              desk.says(
                  "GET acme",
                  200,
                  waited.size() < 3 ? status(1, 1, true, HELD) : status(2, 2, false, HELD));
            },
            "acme",
            "renew");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("next order  2026-06-01");
    assertThat(waited).hasSize(3).containsOnly(Duration.ofMillis(500));
  }

  @Test
  void anOrderThatIsOverWithoutACertificateIsANo() {
    desk.says("GET acme", 200, status(1, 1, false, HELD));
    desk.says("POST acme/renew", 200, status(1, 1, true, HELD));

    var run = pausing(_ -> desk.says("GET acme", 200, status(2, 1, false, HELD)), "acme", "renew");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("ends        2026-07-01");
  }

  @Test
  void doesNotWaitWhereItIsNotWanted() {
    desk.says("GET acme", 200, status(1, 1, false, HELD));
    desk.says("POST acme/renew", 200, status(1, 1, true, HELD));
    var waited = new ArrayList<Duration>();

    assertThat(pausing(waited::add, "acme", "renew", "--no-wait").exitCode()).isZero();
    assertThat(waited).isEmpty();
  }

  @Test
  void doesNotWaitForEver() {
    desk.says("GET acme", 200, status(1, 1, true, HELD));
    desk.says("POST acme/renew", 200, status(1, 1, true, HELD));
    var waited = new ArrayList<Duration>();

    assertThat(pausing(waited::add, "acme", "renew").exitCode()).isEqualTo(1);
    assertThat(waited).hasSize(POLLS_MAX);
  }

  @Test
  void whoeverHasSeenEnoughEndsTheCommandAlone() {
    desk.says("GET acme", 200, status(1, 1, true, HELD));
    desk.says("POST acme/renew", 200, status(1, 1, true, HELD));

    var run =
        pausing(
            _ -> {
              throw new InterruptedException();
            },
            "acme",
            "renew");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("being ordered now");
  }

  @Test
  void whereNothingIsConfiguredNothingIsOrdered() {
    desk.says("GET acme", 200, "{\"enabled\":false,\"orders\":0,\"renewals\":0}");
    desk.refuses("POST acme/renew", 409, "no ACME server is configured");

    var run = command("acme", "renew");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("no ACME server is configured").hasLineCount(1);
  }
}
