package io.sallyport.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;

class CertificateAttributesTest {
  @Test
  void namesEveryAttributeAsAwsDoes() {
    var subject =
        new X500Name(
            "C=DE,ST=Bayern,O=First,OU=Lab,OU=Cellar,CN=dev-1,T=Dr,SERIALNUMBER=42,SURNAME=S,"
                + "GIVENNAME=G,INITIALS=I,GENERATION=III,Pseudonym=P,DN=Q");
    var attributes = CertificateAttributes.of(TestCertificates.good().subject(subject).sign());
    assertThat(attributes)
        .containsEntry("Subject.Country", List.of("DE"))
        .containsEntry("Subject.State", List.of("Bayern"))
        .containsEntry("Subject.Organization", List.of("First"))
        .containsEntry("Subject.CommonName", List.of("dev-1"))
        .containsEntry("Subject.Title", List.of("Dr"))
        .containsEntry("Subject.SerialNumber", List.of("42"))
        .containsEntry("Subject.Surname", List.of("S"))
        .containsEntry("Subject.GivenName", List.of("G"))
        .containsEntry("Subject.Initials", List.of("I"))
        .containsEntry("Subject.GenerationQualifier", List.of("III"))
        .containsEntry("Subject.Pseudonym", List.of("P"))
        .containsEntry("Subject.DistinguishedNameQualifier", List.of("Q"))
        .containsEntry("Issuer.Organization", List.of("Amazon, Inc."))
        .containsEntry("Issuer.CommonName", List.of("Some CA"))
        .containsEntry("SerialNumber", List.of("abc"));
  }

  @Test
  void keepsSeveralValuesInTheOrderOfTheCertificate() {
    var subject = new X500Name("OU=Lab,OU=Cellar,OU=Attic,CN=dev-1");
    assertThat(CertificateAttributes.of(TestCertificates.good().subject(subject).sign()))
        .containsEntry("Subject.OrganizationalUnit", List.of("Lab", "Cellar", "Attic"));
  }

  @Test
  void namesAlternativeNames() {
    var certificate =
        TestCertificates.good()
            .names(
                new GeneralName(GeneralName.dNSName, "a.example"),
                new GeneralName(GeneralName.dNSName, "b.example"),
                new GeneralName(GeneralName.rfc822Name, "me@example.org"),
                new GeneralName(GeneralName.iPAddress, "192.0.2.1"),
                new GeneralName(GeneralName.directoryName, "CN=x"),
                new GeneralName(GeneralName.registeredID, "1.2.3"),
                TestCertificates.uri("urn:sallyport:device:dev-1"))
            .sign();
    assertThat(CertificateAttributes.of(certificate))
        .containsEntry("Subject.AlternativeName.DNSName", List.of("a.example", "b.example"))
        .containsEntry("Subject.AlternativeName.RFC822Name", List.of("me@example.org"))
        .containsEntry("Subject.AlternativeName.IPAddress", List.of("192.0.2.1"))
        .containsEntry("Subject.AlternativeName.DirectoryName", List.of("CN=x"))
        .containsEntry(
            "Subject.AlternativeName.UniformResourceIdentifier",
            List.of("urn:sallyport:device:dev-1"));
  }

  @Test
  void alternativeNamesThatCannotBeReadAreNotThere() {
    var certificate =
        TestCertificates.good()
            .with(Extension.subjectAlternativeName, new DEROctetString(new byte[] {1}))
            .sign();
    assertThat(CertificateAttributes.of(certificate))
        .containsKey("Subject.CommonName")
        .allSatisfy((name, _) -> assertThat(name).doesNotContain("AlternativeName"));
  }

  @Test
  void cannotBeChanged() {
    var attributes = CertificateAttributes.of(TestCertificates.good().sign());
    assertThatThrownBy(attributes::clear).isInstanceOf(UnsupportedOperationException.class);
  }
}
