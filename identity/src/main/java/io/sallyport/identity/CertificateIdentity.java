package io.sallyport.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom a certificate names. It says nothing about trust: chain, validity and revocation are checked
 * elsewhere; this only makes sure that a trusted certificate can be read in one way.
 */
public sealed interface CertificateIdentity {
  /** The certificate names exactly this principal. */
  record Identified(PrincipalKind kind, PrincipalId id) implements CertificateIdentity {}

  /** The certificate names nobody whom we could let in. */
  record Refused(Reason reason) implements CertificateIdentity {}

  /** Why a certificate names nobody. */
  enum Reason {
    NO_COMMON_NAME("the subject has no common name"),
    SEVERAL_COMMON_NAMES("the subject has more than one common name"),
    COMMON_NAME_NOT_AN_ID("the common name is not an id"),
    NO_IDENTITY_URI("no subject alternative name is a URI"),
    SEVERAL_IDENTITY_URIS("more than one subject alternative name is a URI"),
    IDENTITY_URI_DISAGREES("the URI names another principal than the common name"),
    NOT_FOR_CLIENTS("the extended key usage lacks clientAuth"),
    NOT_FOR_SIGNATURES("the key usage lacks digitalSignature"),
    CERTIFICATE_AUTHORITY("the certificate is a certificate authority's"),
    UNREADABLE("an extension cannot be read");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** One clause for people. */
    public String text() {
      return text;
    }
  }

  /** Reads a certificate. */
  static CertificateIdentity of(X509Certificate certificate) {
    try {
      return identify(certificate);
    } catch (CertificateParsingException | IllegalStateException e) {
      return new Refused(Reason.UNREADABLE);
    }
  }

  private static CertificateIdentity identify(X509Certificate certificate)
      throws CertificateParsingException {
    if (certificate.getBasicConstraints() >= 0) {
      return new Refused(Reason.CERTIFICATE_AUTHORITY);
    }
    var usage = certificate.getKeyUsage();
    if (usage == null || !usage[0]) {
      return new Refused(Reason.NOT_FOR_SIGNATURES);
    }
    var purposes = certificate.getExtendedKeyUsage();
    if (purposes == null || !purposes.contains("1.3.6.1.5.5.7.3.2")) {
      return new Refused(Reason.NOT_FOR_CLIENTS);
    }
    return named(certificate);
  }

  private static CertificateIdentity named(X509Certificate certificate)
      throws CertificateParsingException {
    var names =
        DistinguishedName.attributes(certificate.getSubjectX500Principal())
            .getOrDefault(DistinguishedName.COMMON_NAME, List.of());
    if (names.size() != 1) {
      return new Refused(names.isEmpty() ? Reason.NO_COMMON_NAME : Reason.SEVERAL_COMMON_NAMES);
    }
    if (!PrincipalId.isValid(names.getFirst())) {
      return new Refused(Reason.COMMON_NAME_NOT_AN_ID);
    }
    var uris = uris(certificate);
    if (uris.size() != 1) {
      return new Refused(uris.isEmpty() ? Reason.NO_IDENTITY_URI : Reason.SEVERAL_IDENTITY_URIS);
    }
    return agreed(new PrincipalId(names.getFirst()), uris.getFirst());
  }

  private static CertificateIdentity agreed(PrincipalId id, String uri) {
    for (var kind : PrincipalKind.values()) {
      if (kind.uri(id).equals(uri)) {
        return new Identified(kind, id);
      }
    }
    return new Refused(Reason.IDENTITY_URI_DISAGREES);
  }

  private static List<String> uris(X509Certificate certificate) throws CertificateParsingException {
    var uris = new ArrayList<String>();
    var names = certificate.getSubjectAlternativeNames();
    for (var name : names == null ? List.<List<?>>of() : names) {
      if (name.get(0) instanceof Integer type && type == 6 && name.get(1) instanceof String uri) {
        uris.add(uri);
      }
    }
    return uris;
  }
}
