package io.sallyport.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.enrolment.authority.DeskAnswer;
import io.sallyport.identity.Pem;
import io.sallyport.testkit.TestCa;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A manufacturer and a claim, made by the REST API, and a device that each of them brought. */
public final class Introduced {
  private Introduced() {}

  /** The body that registers an authority. */
  public static String manufacturer(String name, TestCa ca, String more) {
    return "{\"name\":\"%s\",\"serialFrom\":\"cn\",\"ca\":\"%s\"%s}"
        .formatted(name, escaped(Pem.of(ca.devices())), more);
  }

  /** The body that makes a claim. */
  public static String claim(String name, String batch, String more) {
    return ("{\"name\":\"%s\",\"batch\":\"%s\",\"csr\":\"%s\",\"count\":2,\"ids\":[\"*\"],"
            + "\"validForSeconds\":3600%s}")
        .formatted(name, batch, escaped(Desk.csr(name)), more);
  }

  /** Fills the tables of both. */
  public static void into(Desk desk) throws Exception {
    var ca = TestCa.create(desk.clock.instant());
    var maker = manufacturer("maker", ca, ",\"thingType\":\"lamp\"");
    assertThat(desk.admin.post("/api/v1/manufacturers", maker).status()).isEqualTo(201);
    var serials = "{\"serials\":[{\"serial\":\"SN-1\",\"id\":\"d-10\"},{\"serial\":\"SN-2\"}]}";
    assertThat(desk.admin.post("/api/v1/manufacturers/maker/serials", serials).status())
        .isEqualTo(200);
    var made = desk.admin.post("/api/v1/claims", claim("line", "b1", ""));
    assertThat(made.status()).isEqualTo(201);

    var desks = desk.control.introductions();
    var initial = ca.draft().commonName("SN-1").sign();
    var claim = Pem.certificate(made.json().get("certificate").asString());
    assertThat(desks.enrol("192.0.2.1", initial.chain(), csr("d-10")))
        .isInstanceOf(DeskAnswer.Issued.class);
    assertThat(desks.enrol("192.0.2.1", List.of(claim), csr("d-11")))
        .isInstanceOf(DeskAnswer.Issued.class);
  }

  /** A template whose things are named by a parameter. */
  public static final String TEMPLATE =
      """
      {"Parameters": {"SerialNumber": {"Type": "String"}},
       "Resources": {
         "thing": {"Type": "AWS::IoT::Thing", "Properties": {
           "ThingName": {"Fn::Join": ["", ["lamp-", {"Ref": "SerialNumber"}]]},
           "AttributePayload": {"serial": {"Ref": "SerialNumber"}},
           "ThingTypeName": "lamp"}},
         "certificate": {"Type": "AWS::IoT::Certificate", "Properties": {
           "CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}}},
         "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "default-device"}}}}
      """;

  /** Fills the tables of fleet provisioning. */
  public static void provisioned(Desk desk) throws Exception {
    assertThat(desk.admin.put("/api/v1/provisioning-templates/lamps", TEMPLATE).status())
        .isEqualTo(200);
    var made = desk.admin.post("/api/v1/claims", claim("mqtt", "b2", ",\"templates\":[\"lamps\"]"));
    assertThat(made.status()).isEqualTo(201);
    var claim = Pem.certificate(made.json().get("certificate").asString());
    var answer =
        desk.control
            .provisioning()
            .answer(
                "192.0.2.1",
                "c",
                List.of(claim),
                "$aws/certificates/create-from-csr/json",
                ("{\"certificateSigningRequest\":\"" + escaped(Desk.csr("lamp-1")) + "\"}")
                    .getBytes(StandardCharsets.UTF_8));
    assertThat(answer.topic()).endsWith("/accepted");
  }

  private static byte[] csr(String id) throws Exception {
    return Pem.decode(Desk.csr(id), "CERTIFICATE REQUEST");
  }

  private static String escaped(String pem) {
    return pem.replace("\n", "\\n");
  }
}
