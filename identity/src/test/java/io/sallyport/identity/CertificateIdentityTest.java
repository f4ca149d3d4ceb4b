package io.sallyport.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.CertificateIdentity.Identified;
import io.sallyport.identity.CertificateIdentity.Reason;
import io.sallyport.identity.CertificateIdentity.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateIdentityTest {
  @ParameterizedTest
  @EnumSource
  void identifiesEveryKindByItsUri(PrincipalKind kind) {
    var id = new PrincipalId("dev-1");
    var certificate = TestCertificates.good().names(TestCertificates.uri(kind.uri(id)));
    assertThat(CertificateIdentity.of(certificate.sign())).isEqualTo(new Identified(kind, id));
  }

  @Test
  void identifiesByTheCommonNameWhateverElseTheSubjectHolds() {
    var subject = new X500Name("C=DE,O=Example,CN=dev-1,serialNumber=7");
    assertThat(CertificateIdentity.of(TestCertificates.good().subject(subject).sign()))
        .isEqualTo(new Identified(PrincipalKind.DEVICE, new PrincipalId("dev-1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev*", "+", "#", "a/b", "$SYS", "dev 1", "", "dev-1\u0000", "gerät"})
  void refusesACommonNameThatIsNoId(String name) {
    var subject = commonNames(name);
    assertRefused(TestCertificates.good().subject(subject), Reason.COMMON_NAME_NOT_AN_ID);
  }

  @Test
  void refusesASubjectWithoutACommonName() {
    assertRefused(TestCertificates.good().subject(new X500Name("O=dev-1")), Reason.NO_COMMON_NAME);
  }

  @Test
  void doesNotTakeACommonNameThatIsNotText() {
    var value =
        new AttributeTypeAndValue(
            BCStyle.CN, new DEROctetString("dev-1".getBytes(StandardCharsets.US_ASCII)));
    var subject = new X500Name(new RDN[] {new RDN(value)});
    assertRefused(TestCertificates.good().subject(subject), Reason.NO_COMMON_NAME);
  }

  @Test
  void refusesTwoCommonNames() {
    assertRefused(
        TestCertificates.good().subject(commonNames("dev-1", "dev-2")),
        Reason.SEVERAL_COMMON_NAMES);
    assertRefused(
        TestCertificates.good().subject(commonNames("dev-1", "dev-1")),
        Reason.SEVERAL_COMMON_NAMES);
  }

  @Test
  void refusesTwoCommonNamesInOneRdn() {
    var rdn =
        new RDN(
            new AttributeTypeAndValue[] {
              new AttributeTypeAndValue(BCStyle.CN, new DERBMPString("dev-1")),
              new AttributeTypeAndValue(BCStyle.CN, new DERBMPString("dev-2"))
            });
    assertRefused(
        TestCertificates.good().subject(new X500Name(new RDN[] {rdn})),
        Reason.SEVERAL_COMMON_NAMES);
  }

  @Test
  void doesNotReadASecondNameOutOfTheTextOfTheFirst() {
    assertRefused(
        TestCertificates.good().subject(commonNames("dev-1,CN=dev-2")),
        Reason.COMMON_NAME_NOT_AN_ID);
    assertRefused(
        TestCertificates.good().subject(commonNames("dev-1\",CN=\"dev-2")),
        Reason.COMMON_NAME_NOT_AN_ID);
  }

  @Test
  void refusesWithoutTheUri() {
    assertRefused(
        TestCertificates.good().without(Extension.subjectAlternativeName), Reason.NO_IDENTITY_URI);
    assertRefused(
        TestCertificates.good().names(new GeneralName(GeneralName.dNSName, "dev-1")),
        Reason.NO_IDENTITY_URI);
  }

  @Test
  void refusesTwoUris() {
    assertRefused(
        TestCertificates.good()
            .names(
                TestCertificates.uri("urn:sallyport:device:dev-1"),
                TestCertificates.uri("urn:sallyport:device:dev-2")),
        Reason.SEVERAL_IDENTITY_URIS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "urn:sallyport:device:dev-2",
        "urn:sallyport:admin:dev-1",
        "urn:sallyport:device:dev-10",
        "URN:SALLYPORT:DEVICE:dev-1",
        "https://example.org/dev-1"
      })
  void refusesAUriOfSomebodyElse(String uri) {
    assertRefused(
        TestCertificates.good().names(TestCertificates.uri(uri)), Reason.IDENTITY_URI_DISAGREES);
  }

  @Test
  void refusesWhatIsNotForClients() {
    assertRefused(
        TestCertificates.good().purposes(KeyPurposeId.id_kp_serverAuth), Reason.NOT_FOR_CLIENTS);
    assertRefused(
        TestCertificates.good().purposes(KeyPurposeId.anyExtendedKeyUsage), Reason.NOT_FOR_CLIENTS);
    assertRefused(
        TestCertificates.good().without(Extension.extendedKeyUsage), Reason.NOT_FOR_CLIENTS);
  }

  @Test
  void refusesWhatIsNotForSignatures() {
    assertRefused(
        TestCertificates.good().usage(KeyUsage.keyEncipherment), Reason.NOT_FOR_SIGNATURES);
    assertRefused(TestCertificates.good().without(Extension.keyUsage), Reason.NOT_FOR_SIGNATURES);
  }

  @Test
  void refusesAnAuthority() {
    assertRefused(TestCertificates.good().authority(), Reason.CERTIFICATE_AUTHORITY);
  }

  @Test
  void refusesExtensionsThatCannotBeRead() {
    for (var oid :
        Arrays.asList(
            Extension.subjectAlternativeName, Extension.extendedKeyUsage, Extension.keyUsage)) {
      var broken = TestCertificates.good().with(oid, new DEROctetString(new byte[] {1, 2}));
      assertThat(CertificateIdentity.of(broken.sign())).isInstanceOf(Refused.class);
    }
  }

  @Test
  void everyReasonSaysWhatIsWrong() {
    for (var reason : Reason.values()) {
      assertThat(reason.text()).isNotBlank().doesNotEndWith(".");
    }
  }

  private static void assertRefused(TestCertificates certificate, Reason reason) {
    assertThat(CertificateIdentity.of(certificate.sign())).isEqualTo(new Refused(reason));
  }

  private static X500Name commonNames(String... names) {
    var builder = new X500NameBuilder(BCStyle.INSTANCE);
    for (var name : names) {
      builder.addRDN(BCStyle.CN, new DERUTF8String(name));
    }
    return builder.build();
  }
}
