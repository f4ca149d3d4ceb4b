package io.sallyport.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The requests in CBOR, written and read by another's library. */
class CborTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path folder;
  private static Cbor2 cbor;
  private static ProvisioningSite site;
  private static Path claim;

  @BeforeAll
  static void open() throws Exception {
    Tool.need(Tool.OPENSSL);
    cbor = Cbor2.need(folder);
    site = new ProvisioningSite(folder, "");
    claim = site.claim("line", "--count", "9", "--ids", "lamp-*", "--template", "lamps");
    Files.copy(claim.resolve("claim.crt"), claim.resolve("device.crt"));
    Files.copy(claim.resolve("claim.key"), claim.resolve("device.key"));
  }

  @AfterAll
  static void close() {
    if (site != null) {
      site.close();
    }
  }

  private static String create(String id) throws Exception {
    var csr = Files.readString(site.device(id).resolve("device.csr"));
    return JSON.writeValueAsString(Map.of("certificateSigningRequest", csr));
  }

  private static String register(String token, String serial) {
    return JSON.writeValueAsString(
        Map.of("certificateOwnershipToken", token, "parameters", Map.of("SerialNumber", serial)));
  }

  private static JsonNode answered(ClaimTalk talk, String topic, byte[] request, String how)
      throws Exception {
    var said = talk.ask(topic + "cbor", request);
    var read = cbor.decode(said.payload());
    assertThat(said.topic()).as(read.toString()).isEqualTo(topic + "cbor/" + how);
    return read;
  }

  @Test
  void aDeviceOfAnotherLibraryIsProvisioned() throws Exception {
    try (var talk = ClaimTalk.open(site, claim)) {
      var created = answered(talk, ClaimTalk.CREATE, cbor.encode(create("lamp-A1")), "accepted");
      assertThat(created.propertyNames())
          .containsExactlyInAnyOrder(
              "certificateOwnershipToken", "certificateId", "certificatePem");
      assertThat(created.path("certificatePem").asString())
          .startsWith("-----BEGIN CERTIFICATE-----\n");
      assertThat(created.path("certificateId").asString()).matches("[0-9a-f]{64}");

      var token = created.path("certificateOwnershipToken").asString();
      var registered =
          answered(
              talk, ClaimTalk.REGISTER, cbor.encodeCanonically(register(token, "A1")), "accepted");
      assertThat(registered)
          .isEqualTo(
              JSON.readTree(
                  """
                  {"thingName": "lamp-A1",
                   "deviceConfiguration": {"LocationUrl": "https://one.example"}}
                  """));
    }
    assertThat(site.product.cli("device", "show", "lamp-A1").expecting(0).out()).contains("lamp");
  }

  @Test
  void refusalsAreReadToo() throws Exception {
    try (var talk = ClaimTalk.open(site, claim)) {
      var refused =
          answered(talk, ClaimTalk.REGISTER, cbor.encode(register("x", "A1")), "rejected");
      assertThat(refused.path("statusCode").isInt()).isTrue();
      assertThat(refused.path("statusCode").asInt()).isEqualTo(400);
      assertThat(refused.path("errorCode").asString())
          .isEqualTo("InvalidCertificateOwnershipToken");
      assertThat(refused.path("errorMessage").isString()).isTrue();
    }
  }

  /** Maps and texts of a length that is not told before, as small devices write them. */
  @Test
  void whatIsWrittenPieceByPieceIsReadAsWell() throws Exception {
    var csr = JSON.readTree(create("lamp-A2")).path("certificateSigningRequest").asString();
    var pieces = List.of(csr.substring(0, 100), csr.substring(100));
    var expression =
        "b'\\xbf' + cbor2.dumps('certificateSigningRequest') + b'\\x7f' + b''.join(cbor2.dumps(x)"
            + " for x in "
            + JSON.writeValueAsString(pieces)
            + ") + b'\\xff\\xff'";
    try (var talk = ClaimTalk.open(site, claim)) {
      answered(talk, ClaimTalk.CREATE, cbor.encodeExpression(expression), "accepted");
    }
  }

  /** What its library writes and the conversation has no meaning for. */
  @Test
  void whatIsNoRequestIsRefusedAndNothingElseHappens() throws Exception {
    try (var talk = ClaimTalk.open(site, claim)) {
      for (var bad :
          List.of(
              "cbor2.dumps([1, 2])",
              "cbor2.dumps({1: 'x'})",
              "cbor2.dumps(cbor2.CBORTag(55799, {'certificateSigningRequest': 'x'}))",
              "cbor2.dumps({'certificateSigningRequest': b'bytes'})",
              "cbor2.dumps({'certificateSigningRequest': 'x'}) + b'\\x00'",
              "cbor2.dumps({'certificateSigningRequest': 'x'})[:-1]",
              "b'\\xa2' + (cbor2.dumps('certificateSigningRequest') + cbor2.dumps('x')) * 2")) {
        var refused = answered(talk, ClaimTalk.CREATE, cbor.encodeExpression(bad), "rejected");
        assertThat(refused.path("errorCode").asString()).as(bad).isEqualTo("InvalidPayload");
      }
    }
  }
}
