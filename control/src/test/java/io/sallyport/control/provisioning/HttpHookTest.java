package io.sallyport.control.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sallyport.control.provisioning.Hook.Verdict;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
        "{\"allowProvisioning\":true,\"parameterOverrides\":[]}",
        "{\"allowProvisioning\":true,\"parameterOverrides\":{\"S\":1}}"
      })
  void whatIsNoClearYesIsNone(String answer) {
    try (var hooked = new Hooked()) {
      hooked.answer = answer;

      assertThat(ask(hooked)).isInstanceOf(Verdict.Failed.class);
    }
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
