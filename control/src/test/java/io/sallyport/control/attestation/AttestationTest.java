package io.sallyport.control.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.upokecenter.cbor.CBORObject;
import io.sallyport.control.Desk;
import io.sallyport.control.OperatorClient.Reply;
import io.sallyport.control.TestDatabase;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalKind;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A device's way from a challenge to being attested, and everything that must not lead there. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class AttestationTest {
  private static final String FIRMWARE = "ab".repeat(32);
  private static final int SECURED = 0x3000;
  private static Desk desk;

  AttestationTest(TestDatabase database) {
    assertThat(database).isNotNull();
  }

  @BeforeParameterizedClassInvocation
  static void open(TestDatabase database) throws Exception {
    desk = Desk.open(database);
    post("attestation/references", reference(FIRMWARE), 200);
  }

  @AfterParameterizedClassInvocation
  static void close() {
    desk.close();
  }

  @Test
  void evidenceCountsUntilItIsTooOld() throws Exception {
    var key = device("at-1");
    var policy =
        """
        {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iot:Publish",
         "Resource":"*","Condition":{"Bool":{"sallyport:Attested":"true"}}}}
        """;
    assertThat(desk.admin.put("/api/v1/policies/proven", policy).status()).isEqualTo(200);
    post("policies/proven/attachments", "{\"principal\":\"at-1\"}", 200);
    assertThat(mayPublish("at-1")).isFalse();

    var answer = attest("at-1", key, challenge("at-1"), SECURED, FIRMWARE);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(answer.json().get("claims").get("lifecycle").asString()).isEqualTo("0x3000");
    assertThat(mayPublish("at-1")).isTrue();
    assertThat(newest("at-1")).startsWith("attested ").contains("BL " + FIRMWARE);
    var shown = desk.admin.get("/api/v1/devices/at-1").json();
    assertThat(Instant.parse(shown.get("attestedUntil").asString()))
        .isCloseTo(desk.clock.instant().plus(Duration.ofDays(7)), within(1, ChronoUnit.MINUTES));

    desk.clock.advance(Duration.ofDays(7));
    assertThat(mayPublish("at-1")).isFalse();
    assertThat(desk.enforcement.lastOf("at-1").facts().attestedAt(desk.clock.instant())).isFalse();
  }

  @Test
  void aChallengeIsAnsweredOnceAndInTime() throws Exception {
    var key = device("at-2");
    var challenge = challenge("at-2");
    assertThat(attest("at-2", key, challenge, SECURED, FIRMWARE).status()).isEqualTo(200);

    refused(attest("at-2", key, challenge, SECURED, FIRMWARE), 409, "challenge-unknown");
    var late = challenge("at-2");
    desk.clock.advance(Attestations.ANSWER_WITHIN);
    refused(attest("at-2", key, late, SECURED, FIRMWARE), 409, "challenge-unknown");
    var others = device("at-3");
    refused(attest("at-3", others, challenge("at-2"), SECURED, FIRMWARE), 409, "challenge-unknown");
  }

  @Test
  void oneOfManyAnswersAtOnceIsTaken() throws Exception {
    var key = device("at-4");
    var challenge = challenge("at-4");
    try (var threads = Executors.newFixedThreadPool(8)) {
      Callable<Integer> answer = () -> attest("at-4", key, challenge, SECURED, FIRMWARE).status();
      var answers = threads.invokeAll(IntStream.range(0, 8).mapToObj(_ -> answer).toList());

      var taken = 0;
      for (var one : answers) {
        taken += one.get() == 200 ? 1 : 0;
      }
      assertThat(taken).isEqualTo(1);
    }
  }

  /** What the device itself says against it takes its standing as attested away at once. */
  @Test
  void evidenceOfOtherFirmwareOrAnOpenDeviceEndsIt() throws Exception {
    var key = device("at-5");
    for (int lifecycle : new int[] {SECURED, 0x4000}) {
      assertThat(attest("at-5", key, challenge("at-5"), SECURED, FIRMWARE).status()).isEqualTo(200);
      var firmware = lifecycle == SECURED ? "cd".repeat(32) : FIRMWARE;
      refused(
          attest("at-5", key, challenge("at-5"), lifecycle, firmware),
          422,
          lifecycle == SECURED ? "measurement-unknown" : "not-secured");
      assertThat(desk.enforcement.lastOf("at-5").facts().attested()).isFalse();
    }
  }

  /** Else anybody who can send something for a device could put it out. */
  @Test
  void evidenceThatProvesNothingChangesNothing() throws Exception {
    var key = device("at-6");
    assertThat(attest("at-6", key, challenge("at-6"), SECURED, FIRMWARE).status()).isEqualTo(200);

    var forged = attest("at-6", p256(), challenge("at-6"), SECURED, "cd".repeat(32));

    refused(forged, 422, "not-signed-by-known-key");
    assertThat(desk.enforcement.lastOf("at-6").facts().attested()).isTrue();
    assertThat(newest("at-6"))
        .startsWith("attestation-refused ")
        .contains("not-signed-by-known-key");
  }

  @Test
  void aKeyOrMeasurementThatIsTakenAwayCountsNoMore() throws Exception {
    var key = device("at-7");
    var value = "ef".repeat(32);
    post("attestation/references", reference(value), 200);
    assertThat(attest("at-7", key, challenge("at-7"), SECURED, value).status()).isEqualTo(200);
    post("attestation/references/withdraw", reference(value), 200);
    refused(attest("at-7", key, challenge("at-7"), SECURED, value), 422, "measurement-unknown");
    refused(
        desk.admin.post("/api/v1/attestation/references/withdraw", reference(value)),
        404,
        "reference-unknown");

    var keys = desk.admin.get("/api/v1/attestation/keys?limit=500").json().get("keys");
    var hash =
        keys.valueStream()
            .filter(one -> one.get("device").asString().equals("at-7"))
            .findFirst()
            .orElseThrow()
            .get("sha256")
            .asString();
    post("attestation/keys/" + hash + "/remove", "{}", 200);
    refused(
        attest("at-7", key, challenge("at-7"), SECURED, FIRMWARE), 422, "not-signed-by-known-key");
  }

  /** One key for two devices would let each speak for the other. */
  @Test
  void aKeyIsOfOneDevice() throws Exception {
    var key = device("at-8");
    device("at-9");

    refused(register("at-9", key), 409, "key-exists");
    refused(register("nobody-there", p256()), 404, "principal-unknown");
  }

  @Test
  void openChallengesAreBounded() throws Exception {
    device("at-10");
    for (int i = 0; i < Attestations.OPEN_MAX; i++) {
      challenge("at-10");
    }
    refused(
        desk.admin.post("/api/v1/devices/at-10/attestation/challenge", "{}"),
        429,
        "too-many-challenges");
    desk.clock.advance(Attestations.ANSWER_WITHIN);
    challenge("at-10");
  }

  @Test
  void badInputIsNamed() throws Exception {
    device("at-11");
    for (var body :
        new String[] {
          "{}",
          "{\"challenge\":\"zz\",\"format\":\"psa\",\"token\":\"\"}",
          "{\"challenge\":\"" + "00".repeat(32) + "\",\"format\":\"pas\",\"token\":\"\"}",
          "{\"challenge\":\"" + "00".repeat(32) + "\",\"format\":\"psa\",\"token\":\"*\"}",
          "{\"challenge\":\""
              + "00".repeat(32)
              + "\",\"format\":\"dice\",\"chain\":[\"x\"],\"proof\":\"\"}",
          "{\"challenge\":\""
              + "00".repeat(32)
              + "\",\"format\":\"tpm2\",\"attested\":\"\",\"signature\":\"\","
              + "\"registers\":{\"24\":\"00\"}}",
        }) {
      assertThat(desk.admin.post("/api/v1/devices/at-11/attestation", body).status())
          .as(body)
          .isEqualTo(400);
    }
    for (var body :
        new String[] {
          "{\"format\":\"psa\",\"key\":\"x\",\"device\":\"at-11\"}",
          "{\"format\":\"psa\",\"key\":" + json(pem(p256())) + "}",
          "{\"format\":\"dice\",\"device\":\"at-11\",\"key\":" + json(pem(p256())) + "}",
        }) {
      refused(desk.admin.post("/api/v1/attestation/keys", body), 400, "malformed-key");
    }
    refused(
        desk.admin.post("/api/v1/attestation/references", reference("ABCD")),
        400,
        "malformed-measurement");
    refused(
        desk.admin.post("/api/v1/devices/nobody-there/attestation/challenge", "{}"),
        404,
        "principal-unknown");
  }

  private record Challenge(String challenge, String nonce) {}

  private static KeyPair device(String id) throws Exception {
    var enrolled =
        desk.admin.post("/api/v1/devices", Desk.enrolment(id, Desk.csr(PrincipalKind.DEVICE, id)));
    assertThat(enrolled.status()).as(enrolled.toString()).isEqualTo(201);
    var key = p256();
    assertThat(register(id, key).status()).isEqualTo(201);
    return key;
  }

  private static Reply register(String id, KeyPair key) throws Exception {
    return desk.admin.post(
        "/api/v1/attestation/keys",
        "{\"format\":\"psa\",\"device\":\"" + id + "\",\"key\":" + json(pem(key)) + "}");
  }

  private static Challenge challenge(String id) throws Exception {
    var reply = desk.admin.post("/api/v1/devices/" + id + "/attestation/challenge", "{}");
    assertThat(reply.status()).as(reply.toString()).isEqualTo(201);
    return new Challenge(
        reply.json().get("challenge").asString(), reply.json().get("nonce").asString());
  }

  private static Reply attest(
      String id, KeyPair key, Challenge challenge, int lifecycle, String firmware)
      throws Exception {
    var nonce = HexFormat.of().parseHex(challenge.nonce());
    var token = Base64.getEncoder().encodeToString(token(nonce, lifecycle, firmware, key));
    return desk.admin.post(
        "/api/v1/devices/" + id + "/attestation",
        "{\"challenge\":\""
            + challenge.challenge()
            + "\",\"format\":\"psa\",\"token\":\""
            + token
            + "\"}");
  }

  private static byte[] token(byte[] nonce, int lifecycle, String firmware, KeyPair key)
      throws Exception {
    var component =
        CBORObject.NewMap()
            .Add(1, "BL")
            .Add(2, HexFormat.of().parseHex(firmware))
            .Add(5, new byte[32]);
    var payload =
        CBORObject.NewMap()
            .Add(10, nonce)
            .Add(256, new byte[33])
            .Add(265, "tag:psacertified.org,2023:psa#tfm")
            .Add(2395, lifecycle)
            .Add(2396, new byte[32])
            .Add(2399, CBORObject.NewArray().Add(component))
            .EncodeToBytes();
    var header = CBORObject.NewMap().Add(1, -7).EncodeToBytes();
    var signed = CBORObject.NewArray().Add("Signature1").Add(header).Add(new byte[0]).Add(payload);
    var signer = Signature.getInstance("SHA256withECDSAinP1363Format");
    signer.initSign(key.getPrivate());
    signer.update(signed.EncodeToBytes());
    return CBORObject.NewArray()
        .Add(header)
        .Add(CBORObject.NewMap())
        .Add(payload)
        .Add(signer.sign())
        .WithTag(18)
        .EncodeToBytes();
  }

  private static boolean mayPublish(String id) throws Exception {
    var question = "{\"principal\":\"" + id + "\",\"action\":\"iot:Publish\",\"name\":\"x/y\"}";
    var answer = desk.admin.post("/api/v1/policies/explain", question);
    return answer.json().get("allowed").asBoolean();
  }

  /** Of those about the device. */
  private static String newest(String id) throws Exception {
    var records = desk.admin.get("/api/v1/ledger?last=10").json().get("records");
    return records
        .valueStream()
        .filter(record -> record.get("subject").asString().equals(id))
        .map(record -> record.get("type").asString() + " " + record.get("facts"))
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  private static void post(String path, String body, int status) throws Exception {
    var reply = desk.admin.post("/api/v1/" + path, body);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
  }

  private static void refused(Reply reply, int status, String reason) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.json().get("reason").asString()).isEqualTo(reason);
  }

  private static String reference(String value) {
    return "{\"component\":\"BL\",\"value\":\"" + value + "\",\"note\":\"bootloader 1.4.2\"}";
  }

  private static KeyPair p256() throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static String pem(KeyPair key) {
    return new String(
        Pem.encode("PUBLIC KEY", key.getPublic().getEncoded()),
        java.nio.charset.StandardCharsets.US_ASCII);
  }

  private static String json(String text) {
    return "\"" + text.replace("\n", "\\n") + "\"";
  }
}
