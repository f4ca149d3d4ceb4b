package io.sallyport.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.clients.Inbox;
import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.Tool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
import software.amazon.awssdk.iot.iotidentity.model.ErrorResponse;
import software.amazon.awssdk.iot.iotidentity.model.V2ErrorResponseException;

/** The AWS IoT Device SDK's identity clients, unchanged, in devices that are active already. */
@Timeout(300)
@SuppressWarnings("NullAway.Init")
class DeviceRenewalTest {
  private static final QualityOfService QOS = QualityOfService.AT_LEAST_ONCE;
  private static final String POLICY =
      """
      {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "iot:Publish", "Resource":
          "arn:aws:iot:*:*:topic/$aws/certificates/*"},
        {"Effect": "Allow", "Action": "iot:Subscribe", "Resource":
          "arn:aws:iot:*:*:topicfilter/$aws/certificates/*"},
        {"Effect": "Allow", "Action": "iot:Receive", "Resource":
          "arn:aws:iot:*:*:topic/$aws/certificates/*"}]}
      """;

  @TempDir static Path folder;
  private static ProvisioningSite site;

  @BeforeAll
  static void open() throws Exception {
    Tool.need(Tool.OPENSSL);
    site = new ProvisioningSite(folder, "");
    var policy = Files.writeString(folder.resolve("renews.json"), POLICY);
    site.product.cli("policy", "put", "renews", policy.toString()).expecting(0);
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

  /** A folder with the key and certificate of a device that is active. */
  private static Path active(String id) throws Exception {
    var device = site.device(id);
    var csr = device.resolve("device.csr").toString();
    var issued =
        site.product
            .cli("device", "enroll", id, "--csr", csr, "--policy", "default-device,renews")
            .expecting(0)
            .out();
    Files.writeString(device.resolve("device.crt"), issued);
    return device;
  }

  private static MqttClientConnection connection(Path device, String id) {
    try (var builder =
        AwsIotMqttConnectionBuilder.newMtlsBuilderFromPath(
            device.resolve("device.crt").toString(), device.resolve("device.key").toString())) {
      return builder
          .withCertificateAuthorityFromPath(null, site.ca().toString())
          .withEndpoint("localhost")
          .withPort(site.product.mqttPort())
          .withClientId(id)
          .withCleanSession(true)
          .build();
    }
  }

  private static CreateCertificateFromCsrRequest csr(Path device) throws Exception {
    var request = new CreateCertificateFromCsrRequest();
    request.certificateSigningRequest = Files.readString(device.resolve("device.csr"));
    return request;
  }

  private static void comesWith(Path device, String id) throws Exception {
    try (var mqtt = connection(device, id)) {
      await(mqtt.connect());
      await(mqtt.disconnect());
    }
  }

  @Test
  void aDeviceRenewsOverItsSessionAndNobodyElseHearsOfIt() throws Exception {
    var device = active("lamp-R1");
    var created = new Inbox<CreateCertificateFromCsrResponse>();
    var refused = new Inbox<ErrorResponse>();
    var overheard = new Inbox<CreateCertificateFromCsrResponse>();
    var next = site.device("lamp-R1");

    try (var mqtt = connection(device, "lamp-R1");
        var other = connection(active("lamp-R2"), "lamp-R2")) {
      await(mqtt.connect());
      await(other.connect());
      var filter = new CreateCertificateFromCsrSubscriptionRequest();
      await(
          new IotIdentityClient(other)
              .SubscribeToCreateCertificateFromCsrAccepted(filter, QOS, overheard));
      var identity = new IotIdentityClient(mqtt);
      await(identity.SubscribeToCreateCertificateFromCsrAccepted(filter, QOS, created));
      await(identity.SubscribeToCreateCertificateFromCsrRejected(filter, QOS, refused));

      await(identity.PublishCreateCertificateFromCsr(csr(next), QOS));
      var certificate = created.next();
      assertThat(certificate.certificateId).matches("[0-9a-f]{64}");
      assertThat(certificate.certificateOwnershipToken).isNotEmpty();
      Files.writeString(next.resolve("device.crt"), certificate.certificatePem);
      // The same request again, as if its answer had been lost.
      await(identity.PublishCreateCertificateFromCsr(csr(next), QOS));
      assertThat(created.next().certificateId).isEqualTo(certificate.certificateId);
      // The key that it has is no new one.
      await(identity.PublishCreateCertificateFromCsr(csr(device), QOS));
      assertThat(refused.next().errorCode).isEqualTo("AccessDenied");
      await(mqtt.disconnect());
      await(other.disconnect());
    }

    // Make before break.
    comesWith(next, "lamp-R1");
    comesWith(device, "lamp-R1");
    assertThat(overheard.size()).isZero();
    new Ledger(site.product).expect("certificate-issued", "lamp-R1", "succeeds");
  }

  @Test
  void theNewerIdentityClientDoesItToo() throws Exception {
    var device = active("lamp-R3");
    var next = site.device("lamp-R3");

    try (var mqtt = connection(device, "lamp-R3")) {
      await(mqtt.connect());
      var options =
          MqttRequestResponseClientOptions.builder()
              .withMaxRequestResponseSubscriptions(4)
              .withMaxStreamingSubscriptions(2)
              .withOperationTimeoutSeconds(20)
              .build();
      try (var identity = IotIdentityV2Client.newFromMqtt311(mqtt, options)) {
        var certificate = await(identity.createCertificateFromCsr(csr(next)));
        Files.writeString(next.resolve("device.crt"), certificate.certificatePem);
        refused(identity.createKeysAndCertificate(new CreateKeysAndCertificateRequest()));
      }
      await(mqtt.disconnect());
    }
    comesWith(next, "lamp-R3");
  }

  private static void refused(Future<?> asked) throws Exception {
    try {
      asked.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e.getCause())
          .isInstanceOfSatisfying(
              V2ErrorResponseException.class,
              why -> assertThat(why.getModeledError().errorCode).isEqualTo("AccessDenied"));
      return;
    }
    throw new AssertionError("it was not refused");
  }

  /** Nobody can forge an answer for somebody else, whatever its policy says. */
  @Test
  void theTopicsOfAnswersAreTheServersOwn() throws Exception {
    try (var mqtt = connection(active("lamp-R4"), "lamp-R4")) {
      await(mqtt.connect());
      var _ =
          mqtt.publish(
              new MqttMessage(
                  "$aws/certificates/create-from-csr/json/accepted",
                  "{}".getBytes(StandardCharsets.UTF_8),
                  QOS));
      new Ledger(site.product).expect("publish-denied", "lamp-R4", "reserved for the server");
    }
  }
}
