package io.sallyport.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * What policy variables can say of a certificate, by the names of AWS IoT without their prefix
 * {@code iot:Certificate.}: {@code Subject.CommonName}, {@code Issuer.Organization}, {@code
 * Subject.AlternativeName.DNSName}, {@code SerialNumber} and so on, each with all its values in
 * their order.
 */
public final class CertificateAttributes {
  private static final Map<Integer, String> ALTERNATIVE_NAMES =
      Map.of(
          1, "RFC822Name",
          2, "DNSName",
          4, "DirectoryName",
          6, "UniformResourceIdentifier",
          7, "IPAddress");

  private CertificateAttributes() {}

  /** The attributes of a certificate; the map and its lists cannot be changed. */
  public static Map<String, List<String>> of(X509Certificate certificate) {
    var attributes = new TreeMap<String, List<String>>();
    addName(attributes, "Subject", certificate.getSubjectX500Principal());
    addName(attributes, "Issuer", certificate.getIssuerX500Principal());
    attributes.put(
        "SerialNumber",
        List.of(certificate.getSerialNumber().toString(16).toLowerCase(Locale.ROOT)));
    try {
      addAlternatives(attributes, "Subject", certificate.getSubjectAlternativeNames());
      addAlternatives(attributes, "Issuer", certificate.getIssuerAlternativeNames());
    } catch (CertificateParsingException e) {
      // Names that cannot be read are names that are not there: variables stay unresolved.
      attributes.keySet().removeIf(name -> name.contains(".AlternativeName."));
    }
    attributes.replaceAll((_, values) -> List.copyOf(values));
    return Map.copyOf(attributes);
  }

  private static void addName(
      Map<String, List<String>> attributes, String prefix, X500Principal name) {
    DistinguishedName.attributes(name)
        .forEach((attribute, values) -> attributes.put(prefix + "." + attribute, values));
  }

  private static void addAlternatives(
      Map<String, List<String>> attributes, String prefix, @Nullable Collection<List<?>> names) {
    for (var name : names == null ? List.<List<?>>of() : names) {
      if (name.get(0) instanceof Integer type
          && ALTERNATIVE_NAMES.containsKey(type)
          && name.get(1) instanceof String text) {
        attributes
            .computeIfAbsent(
                prefix + ".AlternativeName." + ALTERNATIVE_NAMES.get(type), _ -> new ArrayList<>())
            .add(text);
      }
    }
  }
}
