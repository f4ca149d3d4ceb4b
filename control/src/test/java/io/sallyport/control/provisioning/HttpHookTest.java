package io.sallyport.control.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sallyport.control.provisioning.Hook.Verdict;
import io.sallyport.control.provisioning.template.TemplateBody;
import io.sallyport.testkit.TestCa;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class HttpHookTest {
  private static final Instant NOW = Instant.parse("2026-05-01T06:00:00Z");
  private static final Hook.Question QUESTION =
      new Hook.Question("line", "c1", "c2", "PEM", "lamps", "client", Map.of("S", "x"));

  private static Verdict ask(Hooked hooked) {
    return ask(hooked.settings(Duration.ofSeconds(5)));
  }

  private static Verdict ask(HookSettings settings) {
    return new HttpHook(settings, () -> NOW).ask(QUESTION);
  }

  @Test
  void signsWhatItSendsAndTakesWhatIsAllowed() throws Exception {
    try (var hooked = new Hooked()) {
      hooked.answer = "{\"allowProvisioning\":true,\"parameterOverrides\":{\"S\":\"y\"}}";

      assertThat(ask(hooked)).isEqualTo(new Verdict.Allowed(Map.of("S", "y")));

      var sent = hooked.asked.take();
      var body = String.valueOf(sent.get(""));
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Hooked.SECRET, "HmacSHA256"));
      var signed = sent.get("webhook-id") + "." + NOW.getEpochSecond() + "." + body;
      assertThat(sent.get("webhook-id")).matches("msg_[0-9a-f]{32}");
      assertThat(sent.get("webhook-timestamp")).isEqualTo(Long.toString(NOW.getEpochSecond()));
      assertThat(sent.get("webhook-signature"))
          .isEqualTo(
              "v1,"
                  + Base64.getEncoder()
                      .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
      var json = new JsonMapper().readTree(body);
      assertThat(json.path("claimCertificateId").asString()).isEqualTo("c1");
      assertThat(json.path("certificateId").asString()).isEqualTo("c2");
      assertThat(json.path("templateArn").asString()).endsWith("provisioningtemplate/lamps");
      assertThat(json.at("/parameters/S").asString()).isEqualTo("x");
      hooked.answer = "{\"allowProvisioning\":true,\"parameterOverrides\":null}";
      assertThat(ask(hooked)).isEqualTo(new Verdict.Allowed(Map.of()));
      hooked.answer = "{\"allowProvisioning\":false,\"parameterOverrides\":{}}";
      assertThat(ask(hooked)).isEqualTo(new Verdict.Denied());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yes",
        "{}",
        "[]",
        "{\"allowProvisioning\":\"true\"}",
        "{\"allowProvisioning\":1}",
        "{\"allowProvisioning\":false,\"allowProvisioning\":true}",
        "{\"allowProvisioning\":true} {}",
        "{\"allowProvisioning\":null}",
        "{\"allowProvisioning\":true,\"parameterOverrides\":[]}",
        "{\"allowProvisioning\":true,\"parameterOverrides\":\"\"}",
        "{\"allowProvisioning\":true,\"parameterOverrides\":{\"S\":1}}"
      })
  void whatIsNoClearYesIsNone(String answer) {
    try (var hooked = new Hooked()) {
      hooked.answer = answer;

      assertThat(ask(hooked)).isInstanceOf(Verdict.Failed.class);
    }
  }

  @Test
  void overridesAreAsManyAsParametersMayBe() {
    try (var hooked = new Hooked()) {
      var most =
          IntStream.range(0, TemplateBody.PARAMETERS_MAX)
              .boxed()
              .collect(Collectors.toMap(i -> "p" + i, String::valueOf));
      hooked.answer = answer(most);
      assertThat(ask(hooked)).isEqualTo(new Verdict.Allowed(most));
      most.put("more", "");
      hooked.answer = answer(most);
      assertThat(ask(hooked)).isInstanceOf(Verdict.Failed.class);
    }
  }

  private static String answer(Map<String, String> overrides) {
    return new JsonMapper()
        .writeValueAsString(Map.of("allowProvisioning", true, "parameterOverrides", overrides));
  }

  @Test
  void slowHugeBrokenAndElsewhereIsNoYes() {
    try (var hooked = new Hooked();
        var other = new Hooked()) {
      hooked.delay = Duration.ofSeconds(2);
      assertThat(ask(hooked.settings(Duration.ofMillis(200))))
          .isEqualTo(new Verdict.Failed("no answer within 200 ms"));
      hooked.delay = Duration.ZERO;
      hooked.answer =
          "{\"allowProvisioning\":true,\"x\":\"" + "x".repeat(HttpHook.ANSWER_MAX) + "\"}";
      assertThat(ask(hooked)).isEqualTo(new Verdict.Failed("an answer of more than 16384 bytes"));
      hooked.answer = "{\"allowProvisioning\":true}";
      hooked.status = 500;
      assertThat(ask(hooked)).isEqualTo(new Verdict.Failed("status 500"));
      hooked.status = 307;
      hooked.location = other.url().toString();
      assertThat(ask(hooked)).isEqualTo(new Verdict.Failed("status 307"));
      assertThat(other.asked).isEmpty();
    }
    var nobody =
        new HookSettings(
            URI.create("http://127.0.0.1:1/"), Hooked.SECRET, List.of(), Duration.ofSeconds(5));
    assertThat(ask(nobody)).isInstanceOf(Verdict.Failed.class);
  }

  @Test
  void anAnswerThatDripsOrBreaksOffIsNoYes() throws Exception {
    try (var hooked = new Hooked()) {
      hooked.dripping = Duration.ofMillis(100);
      assertThat(ask(hooked.settings(Duration.ofMillis(500))))
          .isEqualTo(new Verdict.Failed("no answer within 500 ms"));
      // Of a length that nobody told before.
      hooked.dripping = Duration.ofNanos(1);
      hooked.answer = " ".repeat(HttpHook.ANSWER_MAX + 1);
      assertThat(ask(hooked)).isEqualTo(new Verdict.Failed("an answer of more than 16384 bytes"));
      hooked.answer = "{\"allowProvisioning\":true}";
      assertThat(ask(hooked)).isEqualTo(new Verdict.Allowed(Map.of()));
    }
    try (var broken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> breakOff(broken));
      var url = URI.create("http://127.0.0.1:" + broken.getLocalPort() + "/");

      assertThat(ask(new HookSettings(url, Hooked.SECRET, List.of(), Duration.ofSeconds(5))))
          .isInstanceOf(Verdict.Failed.class);
    }
  }

  /** All that would be a yes, and the end of the connection before the end of the answer. */
  private static void breakOff(ServerSocket at) {
    try (var socket = at.accept()) {
      var _ = socket.getInputStream().read(new byte[8_192]);
      socket
          .getOutputStream()
          .write(
              "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"allowProvisioning\":true}"
                  .getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void isKnownByTheAuthorityOfTheUsersOwn() {
    var ca = TestCa.create(Instant.now());
    var other = TestCa.create(Instant.now());
    var patience = Duration.ofSeconds(10);
    try (var hooked = new Hooked(ca.server())) {
      assertThat(ask(hooked.settings(patience, ca.root())))
          .isEqualTo(new Verdict.Allowed(Map.of()));
      assertThat(ask(hooked.settings(patience, other.root(), ca.root())))
          .isEqualTo(new Verdict.Allowed(Map.of()));
      assertThat(hooked.asked).hasSize(2);
      // Another authority of the same names, and those of the JDK.
      assertThat(ask(hooked.settings(patience, other.root())))
          .isEqualTo(new Verdict.Failed("not reached: SSLHandshakeException"));
      assertThat(ask(hooked.settings(patience)))
          .isEqualTo(new Verdict.Failed("not reached: SSLHandshakeException"));
      assertThat(hooked.asked).hasSize(2);
    }
    var elsewhere = ca.draft().commonName("hook").dnsName("hook.example").forServers().sign();
    try (var hooked = new Hooked(elsewhere)) {
      assertThat(ask(hooked.settings(patience, ca.root())))
          .isEqualTo(new Verdict.Failed("not reached: SSLHandshakeException"));
      assertThat(hooked.asked).isEmpty();
    }
    try (var hooked =
        new Hooked(
            ca.draft()
                .commonName("x")
                .address("127.0.0.1")
                .forServers()
                .valid(Instant.now().minusSeconds(9_000), Instant.now().minusSeconds(60))
                .sign())) {
      assertThat(ask(hooked.settings(patience, ca.root()))).isInstanceOf(Verdict.Failed.class);
      assertThat(hooked.asked).isEmpty();
    }
  }

  @Test
  void whoeverIsInterruptedHasNoYes() throws Exception {
    try (var hooked = new Hooked()) {
      hooked.delay = Duration.ofSeconds(20);
      var verdict = new CompletableFuture<Verdict>();
      var asking =
          Thread.ofVirtual()
              .start(() -> verdict.complete(ask(hooked.settings(Duration.ofSeconds(20)))));
      assertThat(hooked.asked.poll(10, TimeUnit.SECONDS)).isNotNull();
      asking.interrupt();

      assertThat(verdict.get(10, TimeUnit.SECONDS)).isEqualTo(new Verdict.Failed("interrupted"));
    }
  }

  @Test
  void neverMoreAtOnceThanItsBound() throws Exception {
    try (var hooked = new Hooked();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      hooked.delay = Duration.ofSeconds(2);
      var hook = new HttpHook(hooked.settings(Duration.ofSeconds(20)), () -> NOW);
      Callable<Verdict> one = () -> hook.ask(QUESTION);
      for (int i = 0; i < HttpHook.AT_ONCE_MAX; i++) {
        var _ = threads.submit(one);
      }
      for (int i = 0; i < HttpHook.AT_ONCE_MAX; i++) {
        assertThat(hooked.asked.poll(10, TimeUnit.SECONDS)).isNotNull();
      }

      assertThat(hook.ask(QUESTION)).isEqualTo(new Verdict.Busy());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://192.0.2.1/",
        "http://hook.example/",
        "ftp://127.0.0.1/",
        "https:///x",
        "https://user:pass@hook.example/",
        "https://hook.example/#x",
        "hook"
      })
  void isAskedByHttpsOrOnThisMachineOnly(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new HookSettings(URI.create(url), Hooked.SECRET, List.of(), Duration.ofSeconds(1)));
  }

  @Test
  void aWeakSecretIsRefusedAndNoneIsShown() {
    var url = URI.create("https://hook.example/");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HookSettings(url, new byte[31], List.of(), Duration.ofSeconds(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HookSettings(url, new byte[513], List.of(), Duration.ofSeconds(1)));
    assertThat(new HookSettings(url, Hooked.SECRET, List.of(), Duration.ofSeconds(1)))
        .hasToString("HookSettings[hook.example]");
  }
}
