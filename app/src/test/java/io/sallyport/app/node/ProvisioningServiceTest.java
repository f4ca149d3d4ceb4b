package io.sallyport.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.ProvisioningKeys;
import io.sallyport.control.Control;
import io.sallyport.control.ControlConfiguration;
import io.sallyport.control.enrolment.authority.NewcomerTerms;
import io.sallyport.control.enrolment.claim.ClaimAnswer;
import io.sallyport.control.enrolment.claim.Claims;
import io.sallyport.control.enrolment.claim.IdPatterns;
import io.sallyport.control.provisioning.template.TemplateAnswer;
import io.sallyport.control.provisioning.template.Templates;
import io.sallyport.control.store.Database;
import io.sallyport.gateway.topic.Caller;
import io.sallyport.gateway.topic.Grant;
import io.sallyport.gateway.topic.Reply;
import io.sallyport.gateway.topic.TopicService;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.DeviceKeys;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.testkit.TestCa;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The door of claims and the desk behind it. */
class ProvisioningServiceTest {
  private static final String CREATE = "$aws/certificates/create-from-csr/json";
  private static final String TEMPLATE =
      """
      {"Parameters": {"S": {"Type": "String"}}, "Resources": {
        "thing": {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": {"Ref": "S"}}},
        "certificate": {"Type": "AWS::IoT::Certificate", "Properties": {
          "CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}}},
        "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "default-device"}}}}
      """;
  private static final Configuration ENABLED =
      Configuration.defaults().with(ProvisioningKeys.ENABLED, true);

  @TempDir private Path folder;

  /** What a test does with a registry. */
  private interface Use {
    void with(Database database, Control control) throws Exception;
  }

  private void control(Use use) throws Exception {
    var year = Duration.ofDays(365);
    try (var database = Database.open("jdbc:sqlite:" + folder.resolve("registry.db"), null, null);
        var control =
            Control.open(
                new ControlConfiguration("127.0.0.1", 0, year, year, year, "test"),
                database,
                Authorities.create(Serials.random(), Instant.now()),
                InstantSource.system())) {
      use.with(database, control);
    }
  }

  private static X509Certificate claim(Control control) throws Exception {
    var made =
        control
            .introductions()
            .claims()
            .create(
                new Claims.Draft(
                    "line",
                    csr("line"),
                    "batch",
                    new IdPatterns(List.of("lamp-*")),
                    3,
                    60,
                    null,
                    Duration.ofDays(1),
                    NewcomerTerms.DEFAULTS,
                    null,
                    List.of("lamps")),
                "admin");
    assertThat(made).isInstanceOf(ClaimAnswer.Shown.class);
    return Pem.certificate(((ClaimAnswer.Shown) made).claim().pem());
  }

  private static String csr(String id) {
    try (var keys = DeviceKeys.generate(PrincipalKind.DEVICE, new PrincipalId(id))) {
      return keys.requestPem();
    }
  }

  private static String text(Reply reply) {
    return new String(reply.payload(), StandardCharsets.UTF_8);
  }

  @Test
  void thereIsNoDoorUnlessItIsConfigured() throws Exception {
    control(
        (_, control) -> {
          assertThat(ProvisioningService.door(Configuration.defaults(), control)).isNull();
          var door =
              Objects.requireNonNull(
                  ProvisioningService.door(
                      ENABLED
                          .with(ProvisioningKeys.LIFETIME, Duration.ofSeconds(30))
                          .with(ProvisioningKeys.CONNECTIONS_PER_CLAIM, 1),
                      control));

          assertThat(door.settings().lifetime()).isEqualTo(Duration.ofSeconds(30));
          var claim = TestCa.create(Instant.now()).device("claim").certificate();
          assertThat(door.enter(claim)).isTrue();
          assertThat(door.enter(claim)).isFalse();
        });
  }

  @Test
  void whatTheGateAsksIsWhatTheDeskSays() throws Exception {
    control(
        (database, control) -> {
          var put = new Templates(database, InstantSource.system());
          assertThat(put.put("lamps", TEMPLATE, false, "admin"))
              .isInstanceOf(TemplateAnswer.Shown.class);
          var service = new ProvisioningService(control.provisioning());
          var caller = new Caller("192.0.2.1", "c", List.of(claim(control)));
          var nobody = new Caller("192.0.2.1", "c", List.of());

          assertThat(service.admit(nobody)).isEqualTo(Grant.NONE);
          assertThat(service.admit(caller).requests())
              .contains(CREATE, "$aws/provisioning-templates/lamps/provision/cbor");
          assertThat(service.admit(caller).replies()).contains(CREATE + "/accepted");
          var created =
              service.answer(
                  caller,
                  CREATE,
                  ("{\"certificateSigningRequest\":\"" + csr("lamp-1").replace("\n", "\\n") + "\"}")
                      .getBytes(StandardCharsets.UTF_8));
          assertThat(created.topic()).isEqualTo(CREATE + "/accepted");
          assertThat(text(created)).contains("certificateOwnershipToken");
          assertThat(service.answer(nobody, CREATE, new byte[0]).topic())
              .isEqualTo(CREATE + "/rejected");
          var busy = service.refusal(CREATE, TopicService.Trouble.BUSY);
          assertThat(busy.topic()).isEqualTo(CREATE + "/rejected");
          assertThat(text(busy)).contains("Throttled");
          assertThat(text(service.refusal(CREATE, TopicService.Trouble.BROKEN)))
              .contains("InternalServerError");
        });
  }
}
