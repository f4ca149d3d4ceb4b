package io.sallyport.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What a claim certificate is named by: a certificate of a production line, not of a device. It is
 * for enrolment alone, and says so by a purpose of its own, so that nobody else takes it either.
 */
public final class ClaimName {
  /** The one extended key usage of claim certificates; an identifier made of a UUID (X.667). */
  public static final String PURPOSE = "2.25.266303211830696558167299361384962775810";

  private static final String URI = "urn:sallyport:claim:";
  private static final int URI_NAME = 6;

  private ClaimName() {}

  /** The SAN URI of a claim. */
  public static String uri(PrincipalId name) {
    return URI + name.value();
  }

  /** Which claim a certificate names; whether it is to be trusted is asked elsewhere. */
  public static Optional<PrincipalId> of(X509Certificate certificate) {
    try {
      return List.of(PURPOSE).equals(certificate.getExtendedKeyUsage())
          ? named(certificate)
          : Optional.empty();
    } catch (CertificateParsingException e) {
      return Optional.empty();
    }
  }

  private static Optional<PrincipalId> named(X509Certificate certificate)
      throws CertificateParsingException {
    var names = certificate.getSubjectAlternativeNames();
    if (names == null || names.size() != 1) {
      return Optional.empty();
    }
    var only = names.iterator().next();
    return only.get(0) instanceof Integer type
            && type == URI_NAME
            && only.get(1) instanceof String uri
            && uri.startsWith(URI)
            && PrincipalId.isCertifiable(uri.substring(URI.length()))
        ? Optional.of(new PrincipalId(uri.substring(URI.length())))
        : Optional.empty();
  }
}
