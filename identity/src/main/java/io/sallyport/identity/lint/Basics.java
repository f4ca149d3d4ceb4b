package io.sallyport.identity.lint;

import static io.sallyport.identity.lint.Rule.must;
import static io.sallyport.identity.lint.Rule.when;

import java.util.List;

/** The rules about version, serial and encoding. */
final class Basics {
  private static final int SERIAL_OCTETS_MAX = 20;

  static final List<Rule<ToBeSigned>> RULES =
      List.of(
          must(
              "x690-10-der",
              "RFC 5280, 4.1; X.690, 10 and 11",
              "what is signed is written in DER",
              tbs -> when(!tbs.isDer(), "DER would write it differently")),
          must(
              "x690-11.5-default",
              "X.690, 11.5",
              "'critical' is left out where it is false",
              tbs ->
                  tbs.extensions().stream()
                      .filter(ToBeSigned.Extension::explicitlyNot)
                      .map(one -> "critical FALSE is written in " + one.oid())),
          must(
              "rfc5280-4.1.2.1-version",
              "RFC 5280, 4.1.2.1",
              "the version is 3",
              tbs -> when(tbs.version() != 3, "version " + tbs.version())),
          must(
              "rfc5280-4.1.2.2-serial-positive",
              "RFC 5280, 4.1.2.2",
              "the serial is positive",
              tbs -> when(tbs.serial().signum() <= 0, "serial " + tbs.serial())),
          must(
              "rfc5280-4.1.2.2-serial-length",
              "RFC 5280, 4.1.2.2",
              "the serial has at most 20 octets",
              tbs ->
                  when(
                      tbs.serial().toByteArray().length > SERIAL_OCTETS_MAX,
                      tbs.serial().toByteArray().length + " octets")),
          must(
              "rfc5280-4.1.2.8-unique-identifiers",
              "RFC 5280, 4.1.2.8",
              "there are no unique identifiers",
              tbs -> when(tbs.uniqueIdentifiers(), "a unique identifier is there")));

  private Basics() {}
}
