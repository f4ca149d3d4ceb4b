package io.sallyport.cli.bundle;

import java.util.HexFormat;
import java.util.List;

/** A header and a source of C99 (C++ takes them too) with every credential as a constant. */
final class HeaderLayout implements Layout {
  static final String HEADER = "sallyport_credentials.h";
  static final String SOURCE = "sallyport_credentials.c";

  @Override
  public List<BundleFile> files(Credentials credentials) {
    return List.of(
        BundleFile.open(HEADER, header(credentials)),
        BundleFile.secret(SOURCE, source(credentials)));
  }

  @Override
  public String mark(Credentials.Owner owner) {
    return SOURCE;
  }

  private static String header(Credentials credentials) {
    var key =
        credentials.key() == null
            ? """
            /* The private key is not here: it stays where it was made. Define these yourself. */
            """
            : """
            /* The private key of the certificate: PKCS #8. */
            """;
    return """
    /* The identity of %1$s %2$s, made by Sallyport. The source beside it is secret. */
    #ifndef SALLYPORT_CREDENTIALS_H
    #define SALLYPORT_CREDENTIALS_H

    #include <stddef.h>

    #ifdef __cplusplus
    extern "C" {
    #endif

    #define SALLYPORT_ID "%2$s"
    #define SALLYPORT_HOST "%3$s"
    #define SALLYPORT_PORT %4$d
    #define SALLYPORT_TELEMETRY_TOPIC "%5$s"
    #define SALLYPORT_PIN_COUNT %6$d
    #define SALLYPORT_PIN_BYTES 32

    /* PEM texts end with a zero, which their lengths count: as mbedTLS takes them. */

    /* Whom the device trusts: the root of the installation. */
    extern const unsigned char sallyport_ca_pem[];
    extern const size_t sallyport_ca_pem_len;

    /* The certificate, then its issuer's. */
    extern const unsigned char sallyport_certificate_pem[];
    extern const size_t sallyport_certificate_pem_len;

    %7$sextern const unsigned char sallyport_key_pem[];
    extern const size_t sallyport_key_pem_len;

    /* SHA-256 of the SubjectPublicKeyInfo of keys of the server. A server is the right one if its
       chain and name are, and the key of a certificate in the verified path is one of these. */
    extern const unsigned char sallyport_pins[SALLYPORT_PIN_COUNT][SALLYPORT_PIN_BYTES];

    #ifdef __cplusplus
    }
    #endif

    #endif
    """
        .formatted(
            credentials.owner().kind().word(),
            credentials.id(),
            credentials.gate().host(),
            credentials.gate().port(),
            credentials.telemetryTopic(),
            credentials.pins().size(),
            key);
  }

  private static byte[] source(Credentials credentials) {
    try (var text = new WipedText()) {
      text.line("/* The identity of " + credentials.id() + ". Whoever has its key is it. */");
      text.line("#include \"" + HEADER + "\"").line("");
      text.terminated("sallyport_ca_pem", Credentials.ascii(credentials.root()));
      text.terminated("sallyport_certificate_pem", Credentials.ascii(credentials.chain()));
      var key = credentials.key();
      if (key != null) {
        text.terminated("sallyport_key_pem", key);
      }
      pins(text, credentials.pins());
      return text.toBytes();
    }
  }

  private static void pins(WipedText text, List<Gate.Pin> pins) {
    text.line("const unsigned char sallyport_pins[SALLYPORT_PIN_COUNT][SALLYPORT_PIN_BYTES] = {");
    for (var pin : pins) {
      text.line("  /* " + pin.use() + ": " + pin.key().pin() + " */ {");
      text.hex(HexFormat.of().parseHex(pin.key().hex()));
      text.line("  },");
    }
    text.line("};");
  }
}
