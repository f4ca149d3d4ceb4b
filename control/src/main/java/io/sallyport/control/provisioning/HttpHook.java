package io.sallyport.control.provisioning;

import io.sallyport.control.provisioning.template.StrictJson;
import io.sallyport.control.provisioning.template.TemplateBody;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks by HTTP POST, with the members of AWS IoT's pre-provisioning hook in JSON. What is sent is
 * signed as Standard Webhooks says (HMAC-SHA256, {@code webhook-signature}). Whatever is not a
 * clear yes is none: redirects are not followed, answers are bounded in time and size.
 */
public final class HttpHook implements Hook {
  /** Bound: questions at once. */
  static final int AT_ONCE_MAX = 8;

  /** Bound: an answer in bytes. */
  static final int ANSWER_MAX = 16 << 10;

  private static final int ID_BYTES = 16;

  private static final JsonMapper JSON = StrictJson.mapper(StreamReadConstraints.DEFAULT_MAX_DEPTH);

  private final HookSettings settings;
  private final InstantSource clock;
  private final HttpClient client;
  private final SecureRandom random = new SecureRandom();
  private final Semaphore places = new Semaphore(AT_ONCE_MAX);

  /** The hook at a place. */
  public HttpHook(HookSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.timeout());
    if (!settings.anchors().isEmpty()) {
      builder.sslContext(trusting(settings));
    }
    this.client = builder.build();
  }

  private static SSLContext trusting(HookSettings settings) {
    try {
      var anchors = KeyStore.getInstance(KeyStore.getDefaultType());
      anchors.load(null, null);
      for (int i = 0; i < settings.anchors().size(); i++) {
        anchors.setCertificateEntry("anchor" + i, settings.anchors().get(i));
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(anchors);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every JDK can trust a certificate", e);
    }
  }

  @Override
  public Verdict ask(Question question) {
    if (!places.tryAcquire()) {
      return new Verdict.Busy();
    }
    try {
      return asked(question);
    } finally {
      places.release();
    }
  }

  private Verdict asked(Question question) {
    var body = JSON.writeValueAsBytes(members(question));
    var id = messageId();
    long seconds = clock.instant().getEpochSecond();
    var request =
        HttpRequest.newBuilder(settings.url())
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", Long.toString(seconds))
            .header("webhook-signature", signature(id, seconds, body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    var answer = client.sendAsync(request, _ -> new Bounded());
    try {
      // Of the whole answer: the client's own time-out ends with the headers.
      var response = answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
      return verdict(response);
    } catch (TimeoutException e) {
      answer.cancel(true);
      return new Verdict.Failed("no answer within " + settings.timeout().toMillis() + " ms");
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      return new Verdict.Failed(
          cause instanceof TooLarge
              ? "an answer of more than " + ANSWER_MAX + " bytes"
              : "not reached: " + cause.getClass().getSimpleName());
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      return new Verdict.Failed("interrupted");
    }
  }

  /** Standard Webhooks 1.0: {@code webhook-id}, by which a repetition can be told. */
  private String messageId() {
    var bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return "msg_" + HexFormat.of().formatHex(bytes);
  }

  /** The members that a Lambda function of AWS IoT is given, and the names that mean them here. */
  private static Map<String, Object> members(Question question) {
    var members = new HashMap<String, Object>();
    members.put("claimCertificateId", question.claimCertificateId());
    members.put("claimName", question.claim());
    members.put("certificateId", question.certificateId());
    members.put("certificatePem", question.certificatePem());
    members.put("templateArn", "arn:aws:iot:::provisioningtemplate/" + question.template());
    members.put("templateName", question.template());
    members.put("clientId", question.clientId());
    members.put("parameters", question.parameters());
    return members;
  }

  /** Standard Webhooks 1.0, "Signature scheme": over id, time and body. */
  private String signature(String id, long seconds, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(settings.secret(), "HmacSHA256"));
      mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.US_ASCII));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static Verdict verdict(HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      return new Verdict.Failed("status " + response.statusCode());
    }
    try {
      return verdict(JSON.readTree(response.body()));
    } catch (JacksonException e) {
      return new Verdict.Failed("the answer is not JSON");
    }
  }

  static Verdict verdict(JsonNode answer) {
    var allow = answer.path("allowProvisioning");
    if (!allow.isBoolean()) {
      return new Verdict.Failed("the answer lacks allowProvisioning, true or false");
    }
    if (!allow.asBoolean()) {
      return new Verdict.Denied();
    }
    var given = answer.path("parameterOverrides");
    if (given.isMissingNode() || given.isNull()) {
      return new Verdict.Allowed(Map.of());
    }
    if (!given.isObject() || given.size() > TemplateBody.PARAMETERS_MAX) {
      return new Verdict.Failed("parameterOverrides is not an object of at most 50 texts");
    }
    var overrides = new HashMap<String, String>();
    for (var override : given.properties()) {
      if (!override.getValue().isString()) {
        return new Verdict.Failed("parameterOverrides is not an object of texts");
      }
      overrides.put(override.getKey(), override.getValue().asString());
    }
    return new Verdict.Allowed(overrides);
  }

  private static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Gathers an answer, and ends the connection when there is too much of it. */
  private static final class Bounded implements HttpResponse.BodySubscriber<byte[]> {
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final List<byte[]> parts = new ArrayList<>();
    private int length;
    private Flow.Subscription subscription = NOTHING;

    private static final Flow.Subscription NOTHING =
        new Flow.Subscription() {
          @Override
          public void request(long n) {}

          @Override
          public void cancel() {}
        };

    @Override
    public CompletionStage<byte[]> getBody() {
      return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
      subscription = begun;
      begun.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (var buffer : buffers) {
        length += buffer.remaining();
        if (length > ANSWER_MAX) {
          subscription.cancel();
          whole.completeExceptionally(new TooLarge());
          return;
        }
        var part = new byte[buffer.remaining()];
        buffer.get(part);
        parts.add(part);
      }
    }

    @Override
    public void onError(Throwable cause) {
      whole.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
      var all = ByteBuffer.allocate(length);
      parts.forEach(all::put);
      whole.complete(all.array());
    }
  }
}
