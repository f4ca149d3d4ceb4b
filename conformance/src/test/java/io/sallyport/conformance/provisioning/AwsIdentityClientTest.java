package io.sallyport.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.clients.Inbox;
import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.Tool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.crt.iot.MqttRequestResponseClientOptions;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.crt.mqtt.MqttMessage;
import software.amazon.awssdk.crt.mqtt.QualityOfService;
import software.amazon.awssdk.iot.AwsIotMqttConnectionBuilder;
import software.amazon.awssdk.iot.iotidentity.IotIdentityClient;
import software.amazon.awssdk.iot.iotidentity.IotIdentityV2Client;
import software.amazon.awssdk.iot.iotidentity.model.CreateCertificateFromCsrRequest;
import software.amazon.awssdk.iot.iotidentity.model.CreateCertificateFromCsrResponse;
import software.amazon.awssdk.iot.iotidentity.model.CreateCertificateFromCsrSubscriptionRequest;
import software.amazon.awssdk.iot.iotidentity.model.CreateKeysAndCertificateRequest;
import software.amazon.awssdk.iot.iotidentity.model.CreateKeysAndCertificateSubscriptionRequest;
import software.amazon.awssdk.iot.iotidentity.model.ErrorResponse;
import software.amazon.awssdk.iot.iotidentity.model.RegisterThingRequest;
import software.amazon.awssdk.iot.iotidentity.model.RegisterThingResponse;
import software.amazon.awssdk.iot.iotidentity.model.RegisterThingSubscriptionRequest;
import software.amazon.awssdk.iot.iotidentity.model.V2ErrorResponseException;

/** The identity clients of the AWS IoT Device SDK for Java, both of them, unchanged. */
class AwsIdentityClientTest {
  private static final QualityOfService QOS = QualityOfService.AT_LEAST_ONCE;

  @TempDir static Path folder;
  private static ProvisioningSite site;

  @BeforeAll
  static void open() {
    Tool.need(Tool.OPENSSL);
    site = new ProvisioningSite(folder, "");
  }

  @AfterAll
  static void close() {
    if (site != null) {
      site.close();
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  private static MqttClientConnection connection(Path certificate, Path key, String clientId) {
    try (var builder =
        AwsIotMqttConnectionBuilder.newMtlsBuilderFromPath(
            certificate.toString(), key.toString())) {
      return builder
          .withCertificateAuthorityFromPath(null, site.ca().toString())
          .withEndpoint("localhost")
          .withPort(site.product.mqttPort())
          .withClientId(clientId)
          .withCleanSession(true)
          .build();
    }
  }

  private static MqttClientConnection ofClaim(Path claim) {
    return connection(claim.resolve("claim.crt"), claim.resolve("claim.key"), "unit-under-test");
  }

  private static CreateCertificateFromCsrRequest csr(Path device) throws Exception {
    var request = new CreateCertificateFromCsrRequest();
    request.certificateSigningRequest = Files.readString(device.resolve("device.csr"));
    return request;
  }

  private static RegisterThingRequest thing(String token, String serial) {
    var request = new RegisterThingRequest();
    request.templateName = "lamps";
    request.certificateOwnershipToken = token;
    request.parameters = new HashMap<>(Map.of("SerialNumber", serial));
    return request;
  }

  @Test
  void aDeviceOfAwsComesWithAClaimAndLeavesWithAnIdentity() throws Exception {
    var claim = site.claim("line1", "--count", "2", "--ids", "lamp-*", "--template", "lamps");
    var device = site.device("lamp-A1");
    var created = new Inbox<CreateCertificateFromCsrResponse>();
    var registered = new Inbox<RegisterThingResponse>();
    var refused = new Inbox<ErrorResponse>();

    try (var mqtt = ofClaim(claim)) {
      await(mqtt.connect());
      var identity = new IotIdentityClient(mqtt);
      var ofCertificates = new CreateCertificateFromCsrSubscriptionRequest();
      await(identity.SubscribeToCreateCertificateFromCsrAccepted(ofCertificates, QOS, created));
      await(identity.SubscribeToCreateCertificateFromCsrRejected(ofCertificates, QOS, refused));
      var ofThings = new RegisterThingSubscriptionRequest();
      ofThings.templateName = "lamps";
      await(identity.SubscribeToRegisterThingAccepted(ofThings, QOS, registered));
      await(identity.SubscribeToRegisterThingRejected(ofThings, QOS, refused));

      await(identity.PublishCreateCertificateFromCsr(csr(device), QOS));
      var certificate = created.next();
      assertThat(certificate.certificateId).matches("[0-9a-f]{64}");
      Files.writeString(device.resolve("device.crt"), certificate.certificatePem);
      // Signed, and good for nothing yet.
      assertThat(isLetIn(device, "lamp-A1")).isFalse();

      await(identity.PublishRegisterThing(thing(certificate.certificateOwnershipToken, "A1"), QOS));
      var thing = registered.next();
      assertThat(thing.thingName).isEqualTo("lamp-A1");
      assertThat(thing.deviceConfiguration)
          .containsExactly(Map.entry("LocationUrl", "https://one.example"));

      // Once is all that a token is good for.
      await(identity.PublishRegisterThing(thing(certificate.certificateOwnershipToken, "A1"), QOS));
      var again = refused.next();
      assertThat(again.statusCode).isEqualTo(400);
      assertThat(again.errorCode).isEqualTo("InvalidCertificateOwnershipToken");
      await(mqtt.disconnect());
    }

    assertThat(isLetIn(device, "lamp-A1")).isTrue();
    assertThat(site.product.cli("device", "show", "lamp-A1", "--json").expecting(0).out())
        .contains("\"lamp\"", "\"A1\"", "hall-1");
    new Ledger(site.product).expect("claim-used", "lamp-A1", "line1");
    assertThat(site.product.cli("claim", "show", "line1").expecting(0).out())
        .contains("used     1 of 2");
  }

  /** Whether the certificate opens the gate, and telemetry is taken. */
  private static boolean isLetIn(Path device, String id) throws Exception {
    try (var mqtt = connection(device.resolve("device.crt"), device.resolve("device.key"), id)) {
      await(mqtt.connect());
      await(
          mqtt.publish(
              new MqttMessage(
                  "devices/" + id + "/telemetry", "21.5".getBytes(StandardCharsets.UTF_8), QOS)));
      await(mqtt.disconnect());
      return true;
    } catch (ExecutionException e) {
      return false;
    }
  }

  @Test
  void theNewerIdentityClientDoesItToo() throws Exception {
    var claim = site.claim("line2", "--count", "2", "--ids", "lamp-*", "--template", "lamps");
    var device = site.device("lamp-B1");

    try (var mqtt = ofClaim(claim)) {
      await(mqtt.connect());
      var options =
          MqttRequestResponseClientOptions.builder()
              .withMaxRequestResponseSubscriptions(4)
              .withMaxStreamingSubscriptions(2)
              .withOperationTimeoutSeconds(20)
              .build();
      try (var identity = IotIdentityV2Client.newFromMqtt311(mqtt, options)) {
        var certificate = await(identity.createCertificateFromCsr(csr(device)));
        assertThatRefused(
            identity.registerThing(thing(certificate.certificateOwnershipToken, "../+")),
            "InvalidParameters");
        assertThatRefused(
            identity.registerThing(thing(certificate.certificateOwnershipToken, "B2")),
            "InvalidParameters");
        var thing =
            await(identity.registerThing(thing(certificate.certificateOwnershipToken, "B1")));
        assertThat(thing.thingName).isEqualTo("lamp-B1");
        Files.writeString(device.resolve("device.crt"), certificate.certificatePem);

        // The server makes no keys for devices.
        assertThatRefused(
            identity.createKeysAndCertificate(new CreateKeysAndCertificateRequest()),
            "AccessDenied");
      }
      await(mqtt.disconnect());
    }
    assertThat(isLetIn(device, "lamp-B1")).isTrue();
  }

  private static void assertThatRefused(Future<?> asked, String code)
      throws InterruptedException, TimeoutException {
    try {
      asked.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e.getCause())
          .isInstanceOfSatisfying(
              V2ErrorResponseException.class,
              refused -> assertThat(refused.getModeledError().errorCode).isEqualTo(code));
      return;
    }
    throw new AssertionError("it was not refused");
  }

  @Test
  void keysOfTheServersMakingAreRefusedAloud() throws Exception {
    var claim = site.claim("line3", "--count", "1", "--ids", "lamp-*", "--template", "lamps");
    var refused = new Inbox<ErrorResponse>();

    try (var mqtt = ofClaim(claim)) {
      await(mqtt.connect());
      var identity = new IotIdentityClient(mqtt);
      await(
          identity.SubscribeToCreateKeysAndCertificateRejected(
              new CreateKeysAndCertificateSubscriptionRequest(), QOS, refused));
      await(identity.PublishCreateKeysAndCertificate(new CreateKeysAndCertificateRequest(), QOS));

      var why = refused.next();
      assertThat(why.statusCode).isEqualTo(403);
      assertThat(why.errorMessage).contains("made on the device");
      await(mqtt.disconnect());
    }
  }
}
