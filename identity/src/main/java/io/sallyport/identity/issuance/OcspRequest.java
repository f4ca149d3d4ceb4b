package io.sallyport.identity.issuance;

import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.Request;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.jspecify.annotations.Nullable;

/** A request for the status of certificates (RFC 6960, 4.1), read strictly and with bounds. */
public final class OcspRequest {
  /** Bound: a request in bytes. */
  public static final int BYTES_MAX = 4 * 1024;

  /** Bound: certificates in a request. */
  public static final int CERTIFICATES_MAX = 16;

  // RFC 9654, 2.1
  private static final int NONCE_BYTES_MAX = 128;

  private final List<CertID> certificates;
  private final @Nullable Extension nonce;

  private OcspRequest(List<CertID> certificates, @Nullable Extension nonce) {
    this.certificates = List.copyOf(certificates);
    this.nonce = nonce;
  }

  /**
   * Asks for one certificate, named by SHA-1, which every responder knows, and without a nonce, so
   * that an answer of before does (RFC 5019, 2.1).
   */
  public static OcspRequest about(X509Certificate certificate, X509Certificate issuer) {
    return new OcspRequest(
        List.of(IssuerHashes.of(issuer).idOf(certificate.getSerialNumber())), null);
  }

  /** Where a certificate says that its status is told over HTTP, if it does (RFC 5280, 4.2.2.1). */
  public static Optional<URI> responderOf(X509Certificate certificate) {
    var extension = certificate.getExtensionValue(Extension.authorityInfoAccess.getId());
    if (extension == null) {
      return Optional.empty();
    }
    try {
      var value = ASN1OctetString.getInstance(extension).getOctets();
      return Stream.of(AuthorityInformationAccess.getInstance(value).getAccessDescriptions())
          .filter(one -> one.getAccessMethod().equals(AccessDescription.id_ad_ocsp))
          .map(AccessDescription::getAccessLocation)
          .filter(name -> name.getTagNo() == GeneralName.uniformResourceIdentifier)
          .map(name -> URI.create(name.getName().toString()))
          .filter(uri -> "http".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null)
          .findFirst();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Reads all of the bytes, which must be DER. A signature on them is not looked at. */
  public static OcspRequest parse(byte[] der) throws MalformedOcspRequest {
    if (der.length == 0 || der.length > BYTES_MAX) {
      throw new MalformedOcspRequest("a request has 1 to " + BYTES_MAX + " bytes");
    }
    try {
      var whole = ASN1Primitive.fromByteArray(der);
      if (!Arrays.equals(whole.getEncoded(ASN1Encoding.DER), der)) {
        throw new MalformedOcspRequest("not DER");
      }
      var request = OCSPRequest.getInstance(whole).getTbsRequest();
      var nonce = nonce(request.getRequestExtensions());
      return new OcspRequest(certificates(request.getRequestList().toArray()), nonce);
    } catch (IOException | RuntimeException e) {
      // The library tells of some malformed input by a class cast or an index.
      throw new MalformedOcspRequest("no request: " + e.getMessage());
    }
  }

  private static List<CertID> certificates(Object[] list) throws MalformedOcspRequest {
    if (list.length == 0 || list.length > CERTIFICATES_MAX) {
      throw new MalformedOcspRequest("asks for 1 to " + CERTIFICATES_MAX + " certificates");
    }
    var requests = Stream.of(list).map(Request::getInstance).toList();
    for (var request : requests) {
      requireNothingCritical(request.getSingleRequestExtensions());
    }
    return requests.stream().map(Request::getReqCert).map(OcspRequest::complete).toList();
  }

  /** The library reads some parts only when they are asked for. */
  private static CertID complete(CertID id) {
    var _ = id.getHashAlgorithm().getAlgorithm();
    var _ = id.getIssuerNameHash().getOctets();
    var _ = id.getIssuerKeyHash().getOctets();
    var _ = id.getSerialNumber().getValue();
    return id;
  }

  private static @Nullable Extension nonce(@Nullable Extensions extensions)
      throws MalformedOcspRequest, IOException {
    requireNothingCritical(extensions);
    var nonce =
        extensions == null
            ? null
            : extensions.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
    if (nonce != null) {
      var value = ASN1Primitive.fromByteArray(nonce.getExtnValue().getOctets());
      int length = ASN1OctetString.getInstance(value).getOctetsLength();
      if (length < 1 || length > NONCE_BYTES_MAX) {
        throw new MalformedOcspRequest("a nonce has 1 to " + NONCE_BYTES_MAX + " bytes");
      }
    }
    return nonce;
  }

  private static void requireNothingCritical(@Nullable Extensions extensions)
      throws MalformedOcspRequest {
    if (extensions != null
        && Stream.of(extensions.getCriticalExtensionOIDs())
            .anyMatch(oid -> !oid.equals(OCSPObjectIdentifiers.id_pkix_ocsp_nonce))) {
      throw new MalformedOcspRequest("a critical extension that is not known");
    }
  }

  /** What two requests that may have the same answer have in common; none where no two may. */
  public Optional<String> repeatable() {
    if (nonce != null || certificates.size() > 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(HexFormat.of().formatHex(certificates.getFirst().getEncoded()));
    } catch (IOException e) {
      throw new IllegalStateException("what was read has a DER form", e);
    }
  }

  /** How many certificates it asks for. */
  public int size() {
    return certificates.size();
  }

  /** The bytes to be sent; only of one that has no nonce. */
  public byte[] encoded() {
    var builder = new OCSPReqBuilder();
    certificates.forEach(id -> builder.addRequest(new CertificateID(id)));
    try {
      return builder.build().getEncoded();
    } catch (OCSPException | IOException e) {
      throw new IllegalStateException("a request has a DER form", e);
    }
  }

  List<CertID> certificates() {
    return certificates;
  }

  @Nullable Extension nonce() {
    return nonce;
  }
}
