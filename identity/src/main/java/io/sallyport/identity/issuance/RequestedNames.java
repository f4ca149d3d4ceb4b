package io.sallyport.identity.issuance;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.RequestRefused.Reason;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/**
 * The check that a request asks for nothing that its expected sender may not have. The certificate
 * would not hold it anyway; but who asks for more than it gets should be told, and be noticed.
 */
final class RequestedNames {
  private static final int CLIENT_USAGES =
      KeyUsage.digitalSignature | KeyUsage.keyAgreement | KeyUsage.keyEncipherment;

  private RequestedNames() {}

  static void require(PKCS10CertificationRequest request, PrincipalKind kind, PrincipalId id)
      throws RequestRefused {
    requireSubject(request.getSubject(), id);
    for (var attribute : request.getAttributes()) {
      if (attribute.getAttrType().equals(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
        requireExtensions(attribute, kind, id);
      }
    }
  }

  private static void requireSubject(X500Name subject, PrincipalId id) throws RequestRefused {
    var rdns = subject.getRDNs();
    if (rdns.length == 0) {
      return;
    }
    var first = rdns[0].getFirst();
    if (rdns.length > 1
        || rdns[0].isMultiValued()
        || !first.getType().equals(BCStyle.CN)
        || !(first.getValue() instanceof ASN1String name)
        || !name.getString().equals(id.value())) {
      throw new RequestRefused(
          Reason.FOREIGN_SUBJECT, "the subject must be empty or exactly CN=" + id);
    }
  }

  /** Whom a subject names that is exactly one common name, and an id. */
  static Optional<PrincipalId> claimed(X500Name subject) {
    var rdns = subject.getRDNs();
    return rdns.length == 1
            && !rdns[0].isMultiValued()
            && rdns[0].getFirst().getType().equals(BCStyle.CN)
            && rdns[0].getFirst().getValue() instanceof ASN1String name
            && PrincipalId.isValid(name.getString())
        ? Optional.of(new PrincipalId(name.getString()))
        : Optional.empty();
  }

  private static void requireExtensions(Attribute attribute, PrincipalKind kind, PrincipalId id)
      throws RequestRefused {
    for (var value : attribute.getAttrValues()) {
      var extensions = Extensions.getInstance(value);
      for (var oid : extensions.getExtensionOIDs()) {
        requireExtension(extensions.getExtension(oid), kind, id);
      }
    }
  }

  private static void requireExtension(Extension extension, PrincipalKind kind, PrincipalId id)
      throws RequestRefused {
    var oid = extension.getExtnId();
    var value = extension.getParsedValue();
    if (oid.equals(Extension.basicConstraints)) {
      if (BasicConstraints.getInstance(value).isCA()) {
        throw new RequestRefused(Reason.ASKS_FOR_AUTHORITY, "CA:TRUE is asked for");
      }
    } else if (oid.equals(Extension.keyUsage)) {
      requireUsage(KeyUsage.getInstance(value));
    } else if (oid.equals(Extension.extendedKeyUsage)) {
      requirePurposes(ExtendedKeyUsage.getInstance(value));
    } else if (oid.equals(Extension.subjectAlternativeName)) {
      requireAlternativeNames(GeneralNames.getInstance(value), kind.uri(id));
    } else if (extension.isCritical()) {
      throw new RequestRefused(
          Reason.ASKS_FOR_EXTENSION, "a critical extension is asked for: " + oid.getId());
    }
  }

  private static void requireUsage(KeyUsage usage) throws RequestRefused {
    if (usage.hasUsages(KeyUsage.keyCertSign) || usage.hasUsages(KeyUsage.cRLSign)) {
      throw new RequestRefused(
          Reason.ASKS_FOR_AUTHORITY, "the key usage of an authority is asked for");
    }
    var bits = usage.getBytes();
    int asked = (bits[0] & 0xff) | (bits.length > 1 ? (bits[1] & 0xff) << 8 : 0);
    if ((asked & ~CLIENT_USAGES) != 0) {
      throw new RequestRefused(
          Reason.ASKS_FOR_USAGE, "a key usage other than a client's is asked for");
    }
  }

  private static void requirePurposes(ExtendedKeyUsage purposes) throws RequestRefused {
    for (var purpose : purposes.getUsages()) {
      if (!purpose.equals(KeyPurposeId.id_kp_clientAuth)) {
        throw new RequestRefused(
            Reason.ASKS_FOR_USAGE,
            "an extended key usage other than clientAuth is asked for: " + purpose.getId());
      }
    }
  }

  private static void requireAlternativeNames(GeneralNames names, String uri)
      throws RequestRefused {
    for (var name : names.getNames()) {
      if (name.getTagNo() != GeneralName.uniformResourceIdentifier
          || !(name.getName() instanceof ASN1String text)
          || !text.getString().equals(uri)) {
        throw new RequestRefused(
            Reason.FOREIGN_NAMES, "the only alternative name may be the URI " + uri);
      }
    }
  }
}
