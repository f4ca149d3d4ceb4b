package io.sallyport.cli.bundle;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
    %8$s
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
            key,
            declared(credentials.commands()));
  }

  private static String declared(@Nullable CommandTrust commands) {
    return commands == null
        ? ""
        : """

        /* Who may command this device: struct sallyport_command_signer of sallyport_command.h takes
           an id and a point of each key, and a permission for each name. The tenant is the
           installation, as its commands are signed with. */
        #define SALLYPORT_TENANT "%s"
        #define SALLYPORT_COMMAND_KEY_COUNT %d
        #define SALLYPORT_COMMAND_COUNT %d

        extern const unsigned char sallyport_command_key_ids[SALLYPORT_COMMAND_KEY_COUNT][32];
        extern const unsigned char sallyport_command_key_points[SALLYPORT_COMMAND_KEY_COUNT][65];
        /* Ends with a null. */
        extern const char *const sallyport_commands[SALLYPORT_COMMAND_COUNT + 1];
        """
            .formatted(
                escaped(commands.tenant()), commands.keys().size(), commands.allowed().size());
  }

  /** The inside of a string of C, whatever the text: octal where it could mean something. */
  private static String escaped(String text) {
    var literal = new StringBuilder();
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      var plain = one == ' ' || one == '-' || one == '.' || Character.isLetterOrDigit(one);
      literal.append(plain ? String.valueOf((char) one) : "\\%03o".formatted(one & 0xff));
    }
    return literal.toString();
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
      var commands = credentials.commands();
      if (commands != null) {
        commands(text, commands);
      }
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

  private static void commands(WipedText text, CommandTrust commands) {
    rows(text, "ids", 32, commands, key -> HexFormat.of().parseHex(key.id().hex()));
    rows(text, "points", 65, commands, CommandTrust.Key::point);
    text.line("const char *const sallyport_commands[SALLYPORT_COMMAND_COUNT + 1] = {");
    commands.allowed().forEach(name -> text.line("  \"" + name + "\","));
    text.line("  0").line("};");
  }

  private static void rows(
      WipedText text,
      String what,
      int bytes,
      CommandTrust commands,
      Function<CommandTrust.Key, byte[]> bytesOf) {
    text.line(
        "const unsigned char sallyport_command_key_%s[SALLYPORT_COMMAND_KEY_COUNT][%d] = {"
            .formatted(what, bytes));
    for (var key : commands.keys()) {
      text.line("  /* generation " + key.generation() + " */ {");
      text.hex(bytesOf.apply(key));
      text.line("  },");
    }
    text.line("};");
  }
}
