package io.sallyport.control.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Control;
import io.sallyport.control.ControlConfiguration;
import io.sallyport.control.Desk;
import io.sallyport.control.OperatorClient.Reply;
import io.sallyport.control.RsaRequests;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.control.provisioning.ProvisioningSettings;
import io.sallyport.control.publication.PublicationSettings;
import io.sallyport.control.shadow.ShadowSettings;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.keys.CompromisedKeys;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys of flawed generators, offered for enrolment, end to end over the API. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class WeakEnrolmentTest {
  private static final RsaRequests RSA = new RsaRequests(new SplittableRandom(2017));

  private static Desk desk;

  WeakEnrolmentTest(TestDatabase database) {
    assertThat(database).isNotNull();
  }

  @BeforeParameterizedClassInvocation
  static void open(TestDatabase database) {
    desk = Desk.open(database);
  }

  @AfterParameterizedClassInvocation
  static void close() {
    desk.close();
  }

  @Test
  void aKeyOfInfineonsGeneratorIsRefused() throws Exception {
    refused(enrol("roca", RsaRequests.of(RSA.rocaPrime(), RSA.rocaPrime())), "weak-key", "ROCA");
  }

  @Test
  void primesThatAreTooCloseAreRefused() throws Exception {
    var p = RSA.prime();

    refused(
        enrol("close", RsaRequests.of(p, p.nextProbablePrime().nextProbablePrime())),
        "weak-key",
        "too close");
  }

  @Test
  void aFactorThatAnotherDeviceHasIsRefusedAndBothAreNamed() throws Exception {
    var shared = RSA.prime();
    assertThat(enrol("twin-a", RsaRequests.of(shared, RSA.prime())).status()).isEqualTo(201);

    var second = enrol("twin-b", RsaRequests.of(RSA.prime(), shared));

    refused(second, "shared-factor", "1024 bits with the one of 'twin-a'");
    var last = desk.admin.get("/api/v1/ledger?last=1").json().at("/records/0");
    assertThat(last.get("type").asString()).isEqualTo("enrolment-refused");
    assertThat(last.get("subject").asString()).isEqualTo("twin-b");
    assertThat(last.at("/facts/detail").asString()).contains("'twin-a'");
  }

  @Test
  void twoOfOneBatchThatShareAFactorAreNotBothEnrolled() {
    var shared = RSA.prime();

    var answers =
        desk.control
            .enroller()
            .enrolAll(
                List.of(
                    request("batch-1", RsaRequests.of(shared, RSA.prime())),
                    request("batch-2", RsaRequests.of(shared, RSA.prime()))),
                "test");

    assertThat(answers.getFirst()).isInstanceOf(Enrolment.Issued.class);
    assertThat(answers.getLast())
        .isInstanceOfSatisfying(
            Enrolment.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo("shared-factor"));
  }

  /** Another exponent makes another key of the same modulus, and another hash. */
  @Test
  void theSameModulusWithAnotherExponentIsRefused() throws Exception {
    var p = RSA.prime();
    var q = RSA.prime();
    assertThat(enrol("modulus-1", RsaRequests.of(p, q)).status()).isEqualTo(201);

    var other = enrol("modulus-2", RsaRequests.of(p, q, BigInteger.valueOf(65_539)));

    refused(other, "shared-factor", "2048 bits");
  }

  /** Forgets nothing at a restart, and knows the list that the operator gave. */
  @Test
  void afterARestartFactorsAndTheListAreKnown() throws Exception {
    var shared = RSA.prime();
    var p = RSA.prime();
    var q = RSA.prime();
    assertThat(enrol("before", RsaRequests.of(shared, RSA.prime())).status()).isEqualTo(201);
    var list = CompromisedKeys.parse(Stream.of("# keys", entry(p.multiply(q))));
    var year = Duration.ofDays(365);
    var configuration =
        new ControlConfiguration(
            "127.0.0.1",
            0,
            year,
            year,
            year,
            "test",
            PublicationSettings.DEFAULTS,
            list,
            ProvisioningSettings.DEFAULTS,
            ShadowSettings.DEFAULTS);

    try (var again = Control.open(configuration, desk.database, desk.authorities, desk.clock)) {
      assertThat(
              again.enroller().enrol(request("after", RsaRequests.of(RSA.prime(), shared)), "test"))
          .isInstanceOfSatisfying(
              Enrolment.Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo("shared-factor"));
      assertThat(again.enroller().enrol(request("listed", RsaRequests.of(p, q)), "test"))
          .isInstanceOfSatisfying(
              Enrolment.Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo("compromised-key"));
    }
  }

  /** The same device again, with the same key, after its enrolment came to nothing. */
  @Test
  void theSameKeyOfTheSameDeviceSharesNothing() throws Exception {
    var csr = RsaRequests.of(RSA.prime(), RSA.prime());
    var unknownPolicy =
        new EnrolmentRequest(
            PrincipalKind.DEVICE, "again", csr, Map.of(), "", List.of("no-such"), null);
    assertThat(desk.control.enroller().enrol(unknownPolicy, "test"))
        .isInstanceOf(Enrolment.Refused.class);

    assertThat(enrol("again", csr).status()).isEqualTo(201);
  }

  private static EnrolmentRequest request(String id, String csr) {
    return new EnrolmentRequest(PrincipalKind.DEVICE, id, csr, Map.of(), "", null, null);
  }

  private static Reply enrol(String id, String csr) throws Exception {
    return desk.admin.post("/api/v1/devices", Desk.enrolment(id, csr));
  }

  private static void refused(Reply reply, String reason, String detail) throws Exception {
    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.json().get("reason").asString()).isEqualTo(reason);
    assertThat(reply.json().get("detail").asString()).contains(detail);
  }

  /** As {@code openssl rsa -modulus | sha1sum} and the last 20 digits. */
  private static String entry(BigInteger modulus) throws Exception {
    var text = "Modulus=" + modulus.toString(16).toUpperCase(Locale.ROOT) + "\n";
    var digest =
        MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(digest).substring(20);
  }
}
