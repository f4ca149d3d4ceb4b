package io.sallyport.identity.attestation;

import io.sallyport.identity.attestation.EvidenceRefused.Reason;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.ASN1UTF8String;

/**
 * The extension DiceTcbInfo (TCG DICE Attestation Architecture 1.1, section 6.1.1): what one layer
 * measured of the next.
 *
 * @param digests in lower-case hexadecimal
 * @param isClosed that none of the flags notConfigured, notSecure, recovery and debug is set
 */
record TcbInfo(
    List<String> digests,
    Optional<Integer> layer,
    Optional<String> model,
    Optional<String> version,
    boolean isClosed) {
  static final String OID = "2.23.133.5.4.1";
  private static final int MODEL = 1;
  private static final int VERSION = 2;
  private static final int LAYER = 4;
  private static final int FWIDS = 6;
  private static final int FLAGS = 7;
  private static final int LAYER_MAX = 255;
  private static final int DIGESTS_MAX = 16;

  static Optional<TcbInfo> of(X509Certificate certificate) throws EvidenceRefused {
    var extension = certificate.getExtensionValue(OID);
    if (extension == null) {
      return Optional.empty();
    }
    try {
      var octets = ASN1OctetString.getInstance(extension).getOctets();
      return Optional.of(read(ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(octets))));
    } catch (IOException | RuntimeException e) {
      // Fail closed: the ASN.1 reader reports bad input by many unchecked exceptions.
      throw new EvidenceRefused(Reason.MALFORMED, "a DiceTcbInfo extension cannot be read");
    }
  }

  private static TcbInfo read(ASN1Sequence sequence) throws EvidenceRefused {
    var digests = new ArrayList<String>();
    Optional<Integer> layer = Optional.empty();
    Optional<String> model = Optional.empty();
    Optional<String> version = Optional.empty();
    boolean closed = true;
    for (var element : sequence) {
      var tagged = ASN1TaggedObject.getInstance(element);
      switch (tagged.getTagNo()) {
        case MODEL -> model = Optional.of(text(tagged));
        case VERSION -> version = Optional.of(text(tagged));
        case LAYER -> layer = Optional.of(layer(tagged));
        case FWIDS -> digests.addAll(digests(ASN1Sequence.getInstance(tagged, false)));
        case FLAGS -> closed = isClosed(ASN1BitString.getInstance(tagged, false));
        default -> {
          // Vendor, SVN, index, vendor's own: nothing that is appraised.
        }
      }
    }
    return new TcbInfo(List.copyOf(digests), layer, model, version, closed);
  }

  private static String text(ASN1TaggedObject tagged) {
    var text = ASN1UTF8String.getInstance(tagged, false).getString();
    if (text.length() > Measurement.COMPONENT_MAX
        || !text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException("not printable");
    }
    return text;
  }

  private static int layer(ASN1TaggedObject tagged) {
    int layer = ASN1Integer.getInstance(tagged, false).intValueExact();
    if (layer < 0 || layer > LAYER_MAX) {
      throw new IllegalArgumentException("no layer");
    }
    return layer;
  }

  private static List<String> digests(ASN1Sequence fwids) {
    if (fwids.size() > DIGESTS_MAX) {
      throw new IllegalArgumentException("too many digests");
    }
    var digests = new ArrayList<String>();
    for (var element : fwids) {
      var octets =
          ASN1OctetString.getInstance(ASN1Sequence.getInstance(element).getObjectAt(1)).getOctets();
      digests.add(HexFormat.of().formatHex(octets));
    }
    return digests;
  }

  /** Bits 0 to 3: notConfigured, notSecure, recovery, debug. */
  private static boolean isClosed(ASN1BitString flags) {
    var bytes = flags.getBytes();
    return bytes.length == 0 || (bytes[0] & 0xf0) == 0;
  }
}
