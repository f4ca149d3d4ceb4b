package io.sallyport.identity.manufacturer;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.OtherName;

/** The serial numbers of a device as its certificate has them written, each of them. */
final class WrittenSerials {
  private static final ASN1ObjectIdentifier HARDWARE_MODULE_NAME =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.4");
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";

  private WrittenSerials() {}

  static List<String> of(X509Certificate certificate, SerialSource source) {
    return switch (source) {
      case SERIAL_NUMBER -> inSubject(certificate, BCStyle.SERIALNUMBER);
      case COMMON_NAME -> inSubject(certificate, BCStyle.CN);
      case HARDWARE_MODULE -> ofHardware(certificate);
    };
  }

  private static List<String> inSubject(X509Certificate certificate, ASN1ObjectIdentifier type) {
    var found = new ArrayList<String>();
    var subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    for (var rdn : subject.getRDNs()) {
      for (var attribute : rdn.getTypesAndValues()) {
        if (attribute.getType().equals(type)) {
          found.add(
              attribute.getValue() instanceof ASN1String text ? text.getString() : "(not a text)");
        }
      }
    }
    return found;
  }

  /** RFC 4108, 5: {@code SEQUENCE { hwType OID, hwSerialNum OCTET STRING }}. */
  private static List<String> ofHardware(X509Certificate certificate) {
    var serials = new ArrayList<String>();
    var extension = certificate.getExtensionValue(ALTERNATIVE_NAMES);
    if (extension == null) {
      return serials;
    }
    var names = GeneralNames.getInstance(ASN1OctetString.getInstance(extension).getOctets());
    for (var name : names.getNames()) {
      if (name.getTagNo() == GeneralName.otherName) {
        var other = OtherName.getInstance(name.getName());
        if (other.getTypeID().equals(HARDWARE_MODULE_NAME)) {
          serials.add(serial(ASN1Sequence.getInstance(other.getValue())));
        }
      }
    }
    return serials;
  }

  private static String serial(ASN1Sequence hardware) {
    if (hardware.size() != 2) {
      throw new IllegalArgumentException("not a hardwareModuleName");
    }
    ASN1ObjectIdentifier.getInstance(hardware.getObjectAt(0));
    var octets = ASN1OctetString.getInstance(hardware.getObjectAt(1)).getOctets();
    return HexFormat.of().formatHex(octets);
  }
}
