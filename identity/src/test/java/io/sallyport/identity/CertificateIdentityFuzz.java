package io.sallyport.identity;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.cert.X509Certificate;
import java.util.List;

/** Any certificate names one principal or nobody, and can be asked for its attributes. */
class CertificateIdentityFuzz {
  @FuzzTest
  void everyCertificateNamesOneOrNobody(byte[] der) {
    X509Certificate certificate;
    try {
      certificate = Pem.certificateOfDer(der);
    } catch (MalformedPem e) {
      return;
    }
    var identity = CertificateIdentity.of(certificate);
    var names = CertificateAttributes.of(certificate);
    if (identity instanceof CertificateIdentity.Identified(var kind, var id)
        && !(names.getOrDefault("Subject.CommonName", List.of()).equals(List.of(id.value()))
            && names
                .getOrDefault("Subject.AlternativeName.UniformResourceIdentifier", List.of())
                .contains(kind.uri(id)))) {
      throw new AssertionError(identity + " of a certificate that says " + names);
    }
  }
}
