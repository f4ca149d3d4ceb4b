package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands print, and what they ask control for. */
class CommandTest {
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

  @Test
  void listsInAlignedColumns() {
    devices("null", device("d-1", "active"), device("device-22", "quarantined"));

    assertThat(command("device", "list").out())
        .isEqualTo(
            """
            ID         STANDING     ONLINE  CERTIFICATES  TYPE  POLICIES        ENROLLED
            d-1        active       yes                1  pump  default-device  2026-01-01T00:00:00Z
            device-22  quarantined  yes                1  pump  default-device  2026-01-01T00:00:00Z
            """);
  }

  /** The server looks for them: a fleet of a million does not come here to be sifted. */
  @Test
  void asksForThoseOnlyThatAreWanted() {
    devices("null", device("d-1", "active"), device("d-2", "active"));

    var run =
        command(
            "device",
            "list",
            "--standing",
            "Active",
            "--type",
            "",
            "--prefix",
            "d-",
            "--attribute",
            "site=a&b=c",
            "--attribute",
            "floor=2",
            "--tag",
            "x=",
            "--limit",
            "1");

    assertThat(run.out().lines()).hasSize(2).last().asString().startsWith("d-1");
    assertThat(desk.calls())
        .containsExactly(
            "GET devices?standing=active&type=&prefix=d-&attribute=site%3Da%26b%3Dc"
                + "&attribute=floor%3D2&tag=x%3D&limit=1");
  }

  @Test
  void refusesAConditionThatIsNone() {
    assertThat(command("device", "list", "--standing", "asleep").exitCode()).isEqualTo(2);
    assertThat(command("device", "list", "--attribute", "site").err())
        .contains("--attribute is KEY=VALUE, not 'site'");
    assertThat(command("device", "list", "--tag", "=v").exitCode()).isEqualTo(2);
    assertThat(desk.calls()).isEmpty();
  }

  @Test
  void pagesThatDoNotGoOnAreNotFollowedForEver() {
    devices("\"d-1\"", device("d-1", "active"));

    var run = command("device", "list");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(desk.calls()).hasSize(2).last().asString().contains("after=d-1");
  }

  /** A server that says "go on from here" to whoever goes on from here. */
  @Test
  void noCollectionIsFollowedInACircle() {
    var commands =
        Map.of(
            "attestation/keys", "attestation keys",
            "audit/keys", "audit keys",
            "groups", "group list",
            "enrolment/tokens", "enrolment token list",
            "enrolment/applications", "enrolment list");
    commands.forEach(
        (collection, line) -> {
          desk.says(
              "GET " + collection,
              200,
              "{\"keys\":[],\"groups\":[],\"tokens\":[],\"applications\":[],"
                  + "\"duplicates\":[],\"certificates\":[],\"total\":1,\"next\":\"x\"}");

          var run = command(line.split(" ", -1));

          assertThat(run.exitCode()).as(line + ": " + run).isEqualTo(3);
          assertThat(run.err()).as(line).contains("do not go on");
          assertThat(desk.calls().stream().filter(call -> call.startsWith("GET " + collection)))
              .as(line)
              .hasSizeLessThanOrEqualTo(2);
        });
  }

  @Test
  void listsAsJson() {
    devices("null", device("d-1", "active"));

    assertThat(command("device", "list", "--json").out().replaceAll("\\s", ""))
        .isEqualTo("{\"devices\":[" + device("d-1", "active").replaceAll("\\s", "") + "]}");
  }

  @Test
  void showsOneWithCertificatesAndConnections() {
    desk.says("GET devices/a%3Ab", 200, device("a:b", "active"));

    assertThat(command("device", "show", "a:b").out())
        .contains("attributes  plant=7")
        .contains("0a           ACTIVE")
        .contains("10.0.0.1:5");
  }

  @Test
  void jsonOfAServerIsPrintedInAscii() {
    desk.says("GET devices/d-1", 200, "{\"id\":\"\u009b2J\u007f\u202e\u00e9\"}");

    assertThat(command("device", "show", "d-1", "--json").out())
        .contains("\\u009B2J\\u007f\\u202E\\u00E9");
  }

  @Test
  void aRevocationPrintsItsReceipt() {
    desk.says(
        "POST devices/d-1/revoke",
        200,
        """
        {"principal":"d-1","action":"revoked","reason":"keyCompromise","ms":12.34,"gateways":[],
         "at":"2026-01-01T00:00:00Z","certificates":["0a"],"ledgerSequence":42,
         "steps":[{"what":"sockets","where":"gateway","count":2,"ms":3.21},
                  {"what":"retained","where":"exchange","count":117,"ms":0.5}]}
        """);

    var run = command("device", "revoke", "d-1", "--reason", "keyCompromise");

    assertThat(run.out())
        .isEqualTo(
            """
            revoked d-1 (keyCompromise)
            WHAT      WHERE     COUNT   MS
            sockets   gateway       2  3.2
            retained  exchange    117  0.5
            total 12.3 ms at 2026-01-01T00:00:00Z, ledger record 42
            """);
  }

  @Test
  void colourIsForPersonsOnly() {
    desk.says("GET policies", 200, "{\"policies\":[]}");
    String[] words = {"policy", "list", "--data", data.toString()};

    assertThat(Run.command(directory, words).out()).doesNotContain("\u001b");
    assertThat(Run.script(directory).person().command(words).out()).contains("\u001b[1m");
  }

  @Test
  void aPolicyIsCheckedWithoutAServerAndItsFaultIsLocated() throws Exception {
    var file = Files.writeString(directory.resolve("p.json"), "{\n  \"Version\": 1\n}\n");

    var run = Run.command(directory, "policy", "check", file.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("sallyport: " + file + ":2:").hasLineCount(1);
  }

  @Test
  void aMalformedPolicyIsNotSent() throws Exception {
    var file = Files.writeString(directory.resolve("p.json"), "{");

    assertThat(command("policy", "put", "p", file.toString()).exitCode()).isEqualTo(2);
    assertThat(desk.calls()).isEmpty();
  }

  @Test
  void aPolicyIsPutAttachedAndDetached() throws Exception {
    desk.says("PUT policies/p%201", 200, "{\"name\":\"p 1\",\"version\":3}");
    desk.says("POST policies/p/attachments", 200, "{\"principal\":\"d-1\",\"policies\":[\"p\"]}");
    desk.says("DELETE policies/p/attachments/d-1", 200, "{\"principal\":\"d-1\",\"policies\":[]}");
    var policy =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
            + "\"Action\":\"iot:Connect\",\"Resource\":\"*\"}]}";

    var put =
        Run.script(directory)
            .input(policy)
            .command("policy", "put", "p 1", "-", "--data", data.toString());

    assertThat(put.out()).as(put.err()).isEqualTo("policy p 1 is version 3\n");
    assertThat(command("policy", "attach", "p", "d-1").out()).isEqualTo("d-1 has p\n");
    assertThat(command("policy", "detach", "p", "d-1").out()).isEqualTo("d-1 has no policy\n");
  }

  @Test
  void aBrokenLedgerIsOneAndSaysWhere() {
    desk.says(
        "POST ledger/verify",
        200,
        "{\"valid\":false,\"records\":9,\"head\":\"ab\",\"brokenAt\":5,\"why\":\"hash differs\"}");

    assertThat(command("ledger", "verify"))
        .isEqualTo(new Run(1, "broken at record 5: hash differs\n", ""));
  }

  @Test
  void anUnbrokenLedgerIsZero() {
    desk.says("POST ledger/verify", 200, "{\"valid\":true,\"records\":9,\"head\":\"ab\"}");

    assertThat(command("ledger", "verify"))
        .isEqualTo(new Run(0, "unbroken: 9 records\nhead ab\n", ""));
  }

  @Test
  void theLedgerIsFollowedFromItsLastRecord() {
    var record =
        "{\"sequence\":%d,\"at\":\"t\",\"type\":\"ENROLLED\",\"actor\":\"admin\","
            + "\"subject\":\"d-1\",\"facts\":{\"a\":1},\"hash\":\"00\"}";
    desk.says("GET ledger?last=1", 200, "{\"records\":[" + record.formatted(7) + "]}");
    desk.says("GET ledger?after=7&limit=500", 200, "{\"records\":[" + record.formatted(8) + "]}");
    desk.says("GET ledger?after=8&limit=500", 200, "{\"records\":[]}");

    var run =
        Run.script(directory)
            .pause(
                _ -> {
                  throw new InterruptedException();
                })
            .command("ledger", "tail", "-n", "1", "--follow", "--json", "--data", data.toString());

    assertThat(Thread.interrupted()).isTrue();
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(2).last().asString().contains("\"sequence\":8");
  }

  @Test
  void statusIsFlattened() {
    desk.says("GET status", 200, "{\"version\":\"0.1\",\"gateway\":{\"sessions\":3}}");

    assertThat(command("status").out()).contains("gateway.sessions  3");
  }

  @Test
  void comesBackWhenTheServerSays() {
    var waited = new ArrayList<Duration>();
    desk.says("GET status", 200, "{\"version\":\"0.1\"}");
    desk.isBusyFor("GET status", 4, "2");

    assertThat(status(waited).exitCode()).isZero();
    assertThat(waited).hasSize(4).containsOnly(Duration.ofSeconds(2));
  }

  @Test
  void doesNotComeBackForEver() {
    var waited = new ArrayList<Duration>();
    desk.isBusyFor("GET status", Integer.MAX_VALUE, "1");

    assertThat(status(waited)).returns(3, Run::exitCode);
    assertThat(waited).hasSize(4);
  }

  /** Too late for somebody at a terminal, or nothing that says when. */
  @Test
  void doesNotWaitWhereTheTimeIsTooFarOrNoTime() {
    for (var later : List.of("6", "99999999999", "-1", "Fri, 31 Dec 2027 23:59:59 GMT")) {
      var waited = new ArrayList<Duration>();
      desk.isBusyFor("GET status", 1, later);

      assertThat(status(waited)).as(later).returns(3, Run::exitCode);
      assertThat(waited).isEmpty();
    }
  }

  private Run status(List<Duration> waited) {
    return Run.script(directory).pause(waited::add).command("status", "--data", data.toString());
  }

  private void bans() {
    desk.says(
        "GET gateway/bans",
        200,
        """
        {"bans":[{"source":"192.0.2.7","since":"2026-01-01T00:00:00Z","secondsLeft":42,
                  "until":"2026-01-01T00:01:00Z","times":1,"reason":"not TLS"},
                 {"source":"2001:db8:0:0:0:0:0:0/64","since":"2026-01-01T00:00:01Z",
                  "until":"2026-01-01T00:02:01Z","secondsLeft":0,"times":2,"reason":"x"}]}
        """);
  }

  @Test
  void bansAreListed() {
    bans();

    assertThat(command("gateway", "bans", "list").out())
        .isEqualTo(
            """
            SOURCE                   SINCE                 UNTIL                 TIMES  LAST FAILURE
            192.0.2.7                2026-01-01T00:00:00Z  2026-01-01T00:01:00Z      1  not TLS
            2001:db8:0:0:0:0:0:0/64  2026-01-01T00:00:01Z  2026-01-01T00:02:01Z      2  x
            """);
  }

  @Test
  void bansAreEndedOfOneSourceOrOfAll() {
    desk.says("POST gateway/bans/clear", 200, "{\"bans\":[]}");

    assertThat(command("gateway", "bans", "clear", "--source", "192.0.2.7").out())
        .isEqualTo("ended bans: 0\n");
    assertThat(desk.calls()).last().asString().contains("clear");
  }

  @Test
  void bansAreExportedWithTheTimeThatTheyHaveLeft() {
    bans();

    assertThat(command("gateway", "bans", "export", "--nftables").out())
        .isEqualTo(
            """
            add table inet sallyport
            add set inet sallyport banned4 { type ipv4_addr; flags timeout; }
            add set inet sallyport banned6 { type ipv6_addr; flags interval, timeout; }
            flush set inet sallyport banned4
            flush set inet sallyport banned6
            add element inet sallyport banned4 { 192.0.2.7 timeout 42s }
            add element inet sallyport banned6 { 2001:db8:0:0:0:0:0:0/64 timeout 1s }
            """);
    assertThat(command("gateway", "bans", "export").exitCode()).isEqualTo(2);
  }

  /** Whoever takes the server's place must not write scripts for root. */
  @Test
  void aSourceThatIsNoAddressIsNotExported() {
    desk.says(
        "GET gateway/bans",
        200,
        "{\"bans\":[{\"source\":\"1.2.3.4 }; flush ruleset\",\"secondsLeft\":1}]}");

    var run = command("gateway", "bans", "export", "--nftables");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void gatewaysAreListedWithHowFarTheyAre() {
    desk.says(
        "GET gateways",
        200,
        """
        {"head":9,"gateways":[{"name":"gate-a","self":true,"state":"live","version":"1",
          "address":"a:8883","startedAt":"2026-01-01T00:00:00Z","seenAt":"2026-01-01T00:00:00Z",
          "silentSeconds":0.26,"maxAgeSeconds":30,"position":7,"behind":2}]}
        """);

    assertThat(command("gateway", "list").out())
        .containsPattern("gate-a \\(this one\\) +live +2 +0\\.3 +30\\.0 +a:8883");
  }

  @Test
  void aReceiptNamesTheGatewaysThatDidNotConfirm() {
    desk.says(
        "POST devices/d-1/revoke",
        200,
        """
        {"principal":"d-1","action":"revoke","reason":"keyCompromise","at":"2026-01-01T00:00:00Z",
         "ms":12.5,"certificates":[],"steps":[],"ledgerSequence":3,"gateways":[
          {"gateway":"gate-b","state":"confirmed","ms":8,
           "steps":[{"what":"sockets","where":"gateway","count":1,"ms":3.14}]},
          {"gateway":"gate-c","state":"lost","closedFrom":"2026-01-01T00:00:05Z","steps":[]}]}
        """);

    assertThat(command("device", "revoke", "d-1").out())
        .containsPattern("sockets +gateway of gate-b +1 +3\\.1")
        .contains("gateway gate-b confirmed in 8.0 ms")
        .contains("gateway gate-c did not confirm (lost)", "from 2026-01-01T00:00:05Z on");
  }

  private void devices(String next, String... devices) {
    var body = "{\"devices\":[" + String.join(",", devices) + "],\"next\":" + next + "}";
    desk.says("GET devices", 200, body);
  }

  private static String device(String id, String standing) {
    return """
    {"id":"%s","kind":"device","standing":"%s","thingType":"pump","attributes":{"plant":"7"},
     "policies":["default-device"],"groups":["lamps"],"tags":{"site":"berlin"},"attested":false,
     "effectivePolicies":[{"name":"default-device","version":1,"attached":true,"groups":["lamps"]}],
     "enrolledAt":"2026-01-01T00:00:00Z","online":true,
     "certificates":[{"serial":"0a","fingerprint":"ff","status":"ACTIVE",
       "notBefore":"2026-01-01T00:00:00Z","notAfter":"2027-01-01T00:00:00Z"}],
     "connections":[{"clientId":"%1$s","address":"10.0.0.1:5","since":"2026-01-02T00:00:00Z"}]}
    """
        .formatted(id, standing);
  }

  private Run command(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", data.toString()));
    return Run.command(directory, all.toArray(String[]::new));
  }
}
