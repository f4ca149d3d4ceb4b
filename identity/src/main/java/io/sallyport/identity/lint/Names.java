package io.sallyport.identity.lint;

import static io.sallyport.identity.lint.Rule.must;
import static io.sallyport.identity.lint.Rule.should;
import static io.sallyport.identity.lint.Rule.when;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1PrintableString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** The rules about issuer, subject and alternative names. */
final class Names {
  private static final Pattern HOST_NAME =
      Pattern.compile(
          "(\\*\\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*"
              + "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
  private static final Pattern ABSOLUTE_URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:\\S+");

  /** RFC 5280, appendix A.1: the ub- constants. */
  private static final Map<ASN1ObjectIdentifier, Integer> LENGTHS =
      Map.of(
          BCStyle.CN, 64,
          BCStyle.O, 64,
          BCStyle.OU, 64,
          BCStyle.SERIALNUMBER, 64,
          BCStyle.L, 128,
          BCStyle.ST, 128,
          BCStyle.C, 2);

  static final List<Rule<ToBeSigned>> RULES =
      List.of(
          must(
              "rfc5280-4.1.2.4-issuer-empty",
              "RFC 5280, 4.1.2.4",
              "the issuer has a name",
              tbs -> when(isEmpty(tbs.issuerName()), "the issuer is empty")),
          must(
              "rfc5280-4.1.2.6-subject-empty",
              "RFC 5280, 4.1.2.6 and 4.2.1.6",
              "only with a critical alternative name may the subject be empty, and never a CA's",
              tbs -> when(isEmpty(tbs.subjectName()) && !mayBeEmpty(tbs), "the subject is empty")),
          must(
              "rfc5280-4.1.2.4-country",
              "RFC 5280, A.1",
              "a country is a PrintableString of two characters",
              tbs -> parts(tbs).filter(Names::isBadCountry).map(part -> "'" + text(part) + "'")),
          should(
              "rfc5280-4.1.2.4-string-type",
              "RFC 5280, 4.1.2.4",
              "names are PrintableString or UTF8String",
              tbs -> parts(tbs).filter(Names::isOldString).map(part -> "'" + text(part) + "'")),
          should(
              "rfc5280-a.1-upper-bound",
              "RFC 5280, A.1",
              "names keep to the upper bounds, for common names 64 characters",
              tbs ->
                  parts(tbs)
                      .filter(part -> text(part).length() > bound(part))
                      .map(part -> text(part).length() + " characters in " + part.getType())),
          must(
              "rfc5280-4.2.1.6-empty",
              "RFC 5280, 4.2.1.6",
              "the alternative names hold at least one, and none that is empty",
              tbs ->
                  tbs.extension(Extension.subjectAlternativeName).stream()
                      .flatMap(Names::emptiness)),
          must(
              "rfc5280-4.2.1.6-dns",
              "RFC 5280, 4.2.1.6; RFC 1034, 3.5",
              "a dNSName is a host name",
              tbs -> texts(tbs, GeneralName.dNSName).filter(name -> !isHostName(name))),
          must(
              "rfc5280-4.2.1.6-uri",
              "RFC 5280, 4.2.1.6",
              "a URI has a scheme and something after it",
              tbs ->
                  texts(tbs, GeneralName.uniformResourceIdentifier)
                      .filter(uri -> !ABSOLUTE_URI.matcher(uri).matches())
                      .map(uri -> "'" + uri + "'")),
          must(
              "rfc5280-4.2.1.6-ip",
              "RFC 5280, 4.2.1.6",
              "an address has 4 or 16 octets",
              tbs ->
                  alternatives(tbs)
                      .filter(name -> name.getTagNo() == GeneralName.iPAddress)
                      .map(name -> ASN1OctetString.getInstance(name.getName()).getOctets().length)
                      .filter(length -> length != 4 && length != 16)
                      .map(length -> length + " octets")),
          should(
              "rfc5280-4.2.1.6-critical",
              "RFC 5280, 4.2.1.6",
              "the alternative names are not critical where there is a subject",
              tbs ->
                  when(
                      !isEmpty(tbs.subjectName())
                          && tbs.extension(Extension.subjectAlternativeName)
                              .filter(ToBeSigned.Extension::critical)
                              .isPresent(),
                      "critical")));

  private Names() {}

  private static boolean isEmpty(X500Name name) {
    return name.getRDNs().length == 0;
  }

  private static boolean mayBeEmpty(ToBeSigned tbs) {
    return !Extensions.isAuthority(tbs)
        && tbs.extension(Extension.subjectAlternativeName)
            .filter(ToBeSigned.Extension::critical)
            .isPresent();
  }

  private static Stream<AttributeTypeAndValue> parts(ToBeSigned tbs) {
    return Stream.of(tbs.issuerName(), tbs.subjectName())
        .flatMap(name -> Stream.of(name.getRDNs()))
        .flatMap(rdn -> Stream.of(rdn.getTypesAndValues()));
  }

  private static String text(AttributeTypeAndValue part) {
    return part.getValue() instanceof ASN1String string ? string.getString() : "";
  }

  private static boolean isBadCountry(AttributeTypeAndValue part) {
    return part.getType().equals(BCStyle.C)
        && !(part.getValue() instanceof ASN1PrintableString name && name.getString().length() == 2);
  }

  private static boolean isOldString(AttributeTypeAndValue part) {
    // RFC 5280 itself asks for IA5String in these two.
    return !(part.getValue() instanceof ASN1PrintableString)
        && !(part.getValue() instanceof ASN1UTF8String)
        && !part.getType().equals(BCStyle.DC)
        && !part.getType().equals(BCStyle.EmailAddress);
  }

  private static int bound(AttributeTypeAndValue part) {
    return LENGTHS.getOrDefault(part.getType(), Integer.MAX_VALUE);
  }

  private static Stream<String> emptiness(ToBeSigned.Extension extension) {
    var names = GeneralNames.getInstance(extension.value()).getNames();
    if (names.length == 0) {
      return Stream.of("no name");
    }
    return Stream.of(names)
        .filter(name -> name.getName() instanceof ASN1String text && text.getString().isEmpty())
        .map(_ -> "an empty name");
  }

  private static Stream<GeneralName> alternatives(ToBeSigned tbs) {
    return tbs.extension(Extension.subjectAlternativeName).stream()
        .flatMap(one -> Stream.of(GeneralNames.getInstance(one.value()).getNames()));
  }

  private static Stream<String> texts(ToBeSigned tbs, int kind) {
    return alternatives(tbs)
        .filter(name -> name.getTagNo() == kind)
        .map(name -> ASN1IA5String.getInstance(name.getName()).getString());
  }

  private static boolean isHostName(String name) {
    return name.length() <= 253 && HOST_NAME.matcher(name).matches();
  }
}
