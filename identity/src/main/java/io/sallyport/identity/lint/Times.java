package io.sallyport.identity.lint;

import static io.sallyport.identity.lint.Rule.must;
import static io.sallyport.identity.lint.Rule.when;

import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1UTCTime;

/** The rules about the validity. */
final class Times {
  private static final String SECTION = "RFC 5280, 4.1.2.5";
  private static final int LAST_UTC_YEAR = 2049;
  private static final Pattern UTC_FORM = Pattern.compile("[0-9]{12}Z");
  private static final Pattern GENERALIZED_FORM = Pattern.compile("[0-9]{14}Z");

  static final List<Rule<ToBeSigned>> RULES =
      List.of(
          must(
              "rfc5280-4.1.2.5-utctime",
              SECTION,
              "times through 2049 are UTCTime, later ones GeneralizedTime",
              tbs -> each(tbs, Times::kind)),
          must(
              "rfc5280-4.1.2.5.1-utctime-form",
              "RFC 5280, 4.1.2.5.1",
              "a UTCTime is YYMMDDHHMMSSZ",
              tbs -> each(tbs, time -> form(time, ASN1UTCTime.class, UTC_FORM))),
          must(
              "rfc5280-4.1.2.5.2-generalizedtime-form",
              "RFC 5280, 4.1.2.5.2",
              "a GeneralizedTime is YYYYMMDDHHMMSSZ, without fractions",
              tbs -> each(tbs, time -> form(time, ASN1GeneralizedTime.class, GENERALIZED_FORM))),
          must(
              "rfc5280-4.1.2.5-order",
              SECTION,
              "the validity does not end before it begins",
              tbs ->
                  when(
                      tbs.period().notAfter().isBefore(tbs.period().notBefore()),
                      tbs.period().notAfter() + " is before " + tbs.period().notBefore())));

  private Times() {}

  /** Any time that a certificate can hold. */
  static Instant instant(ASN1Primitive time) {
    try {
      return switch (time) {
        case ASN1UTCTime utc -> utc.getAdjustedDate().toInstant();
        case ASN1GeneralizedTime generalized -> generalized.getDate().toInstant();
        default -> throw new IllegalArgumentException("not a time");
      };
    } catch (ParseException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private interface Look {
    Stream<String> at(ASN1Primitive time);
  }

  private static Stream<String> each(ToBeSigned tbs, Look look) {
    return Stream.concat(
        look.at(tbs.notBefore()).map(breach -> "notBefore " + breach),
        look.at(tbs.notAfter()).map(breach -> "notAfter " + breach));
  }

  private static Stream<String> kind(ASN1Primitive time) {
    var year = instant(time).atOffset(ZoneOffset.UTC).getYear();
    if (time instanceof ASN1GeneralizedTime) {
      return when(year <= LAST_UTC_YEAR, "is a GeneralizedTime in " + year);
    }
    return when(!(time instanceof ASN1UTCTime), "is no time");
  }

  private static Stream<String> form(
      ASN1Primitive time, Class<? extends ASN1Primitive> kind, Pattern form) {
    var written = Written.text(time);
    return when(kind.isInstance(time) && !form.matcher(written).matches(), "is '" + written + "'");
  }
}
