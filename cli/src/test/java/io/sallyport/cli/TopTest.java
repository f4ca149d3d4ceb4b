package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What {@code top} shows where no person watches. */
class TopTest {
  @TempDir private Path directory;
  private Desk desk;
  private Path data;

  @BeforeEach
  void start() throws Exception {
    desk = new Desk();
    data = desk.dataDirectory(directory.resolve("data"));
    desk.says(
        "GET status",
        200,
        """
        {"version":"0.1.0","startedAt":"2026-01-01T00:00:00.123Z",
         "gateway":{"connections":12345,"sessions":12000,"handshaking":3,"published":7,
          "delivered":9,"handshakesFull":1,"handshakesResumed":2,"handshakesRefused":0,"banned":3,
          "denied":{"publish":{"policy":4},"handshake":{}},
          "latency":{"handshakeFull":{"count":9,"p50Millis":2.5,"p99Millis":5.0},
                     "publishQos1":{"count":9,"p50Millis":0.025,"p99Millis":0.1}}},
         "exchange":{"sessionsStored":5,"queued":42}}
        """);
    desk.says(
        "GET activity",
        200,
        """
        {"seconds":1.0,
         "busiest":[{"principal":"pump-7","clientId":"pump-7\\u001b[2J","address":"10.0.0.1:5\\u009b2J\\u202e",
           "listener":"mqtt","messagesInPerSecond":120.4,"messagesOutPerSecond":0.5,
           "queuedMessages":0,"unsentBytes":0}],
         "slowest":[{"principal":"lamp","clientId":"\\u001b]0;owned\\u0007\\r\\nconnections 0","address":"10.0.0.2:5",
           "listener":"mqtt","messagesInPerSecond":0,"messagesOutPerSecond":0,
           "queuedMessages":7,"unsentBytes":0},
          {"principal":"valve","clientId":"a-client-id-that-is-longer-than-its-column",
           "address":"[2001:db8:1111:2222:3333:4444:5555:6666]:65535","listener":"mqtt",
           "messagesInPerSecond":0,"messagesOutPerSecond":0,
           "queuedMessages":1000,"unsentBytes":65536}]}
        """);
  }

  @AfterEach
  void stop() {
    desk.close();
  }

  private Run top(String... words) {
    var all = new String[words.length + 3];
    all[0] = "top";
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = "--data";
    all[words.length + 2] = data.toString();
    return Run.command(directory, all);
  }

  @Test
  void fitsIntoEightyColumns() {
    var run = top("--once");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(81));
    assertThat(run.out())
        .contains("connections 12 345", "sessions 12 000", "queued 42", "p99 <=5.0 ms")
        .contains("banned 3", "p99 <=100 us", "publish policy", "BUSIEST", "SLOWEST")
        .contains("1 000", "64K", "a-client-id-that");
  }

  @Test
  void aClientIdCannotDriveTheTerminal() {
    var run = top("--once");

    assertThat(run.out()).doesNotContain("\u001b", "\u009b", "\u0007", "\u202e", "\r");
    assertThat(run.out().lines().filter(line -> line.startsWith("connections"))).hasSize(1);
  }

  @Test
  void norCanItWhereAPersonWatches() {
    var run = Run.script(directory).person().input("q").command("top", "--data", data.toString());

    assertThat(run.out()).contains("?]0;owned").doesNotContain("\u001b]", "\u009b", "\u0007");
  }

  @Test
  void onceAsJsonHoldsRatesAndFacts() {
    var document = JsonMapper.shared().readTree(top("--once", "--json").out());

    assertThat(document.at("/perSecond/in").isNumber()).isTrue();
    assertThat(document.at("/perSecond/denied").has("publish policy")).isTrue();
    assertThat(document.at("/status/gateway/connections").asInt()).isEqualTo(12_345);
    assertThat(document.at("/activity/slowest/1/queuedMessages").asInt()).isEqualTo(1_000);
  }

  @Test
  void aPersonEndsItWithAKeyAndHasTheTerminalBack() {
    var run = Run.script(directory).person().input("q").command("top", "--data", data.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("\u001b[?1049h\u001b[?25l")
        .contains("BUSIEST")
        .endsWith("\u001b[?25h\u001b[?1049l");
  }

  @Test
  void anIntervalOutsideItsBoundsIsWrongUse() {
    assertThat(top("--interval", "0").exitCode()).isEqualTo(2);
  }

  @Test
  void asksOnlyForABoundedNumberOfDevices() {
    top("--once");

    assertThat(desk.calls()).filteredOn(call -> call.startsWith("GET activity")).hasSize(2);
    assertThat(desk.calls()).contains("GET activity?limit=20");
  }
}
