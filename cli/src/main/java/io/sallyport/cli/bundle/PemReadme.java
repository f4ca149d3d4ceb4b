package io.sallyport.cli.bundle;

import io.sallyport.identity.PrincipalKind;
import java.util.ArrayList;
import java.util.List;

/** The README.txt of a bundle: lines to copy, working as they stand, for this very principal. */
final class PemReadme {
  private final Credentials credentials;
  private final Gate gate;
  private final String certificate;
  private final String key;

  PemReadme(Credentials credentials) {
    this.credentials = credentials;
    gate = credentials.gate();
    var word = credentials.owner().kind().word();
    certificate = word + ".crt";
    key = word + ".key";
  }

  String text() {
    return String.join("\n", lines()) + "\n";
  }

  private List<String> lines() {
    var id = credentials.id();
    var device = credentials.owner().kind() == PrincipalKind.DEVICE;
    var topicOut = device ? "devices/" + id + "/telemetry" : "devices/DEVICE/commands";
    var topicIn = device ? "devices/" + id + "/commands" : "devices/+/telemetry";
    var publish = client("mosquitto_pub") + " -t " + topicOut;
    var subscribe = client("mosquitto_sub") + " -t '" + topicIn + "'";
    var lines = new ArrayList<String>();
    lines.addAll(
        List.of(
            "The identity of "
                + credentials.owner().kind().word()
                + " "
                + id
                + ", made by Sallyport.",
            "",
            "  ca.crt       whom it trusts: the root of this installation",
            "  " + column(certificate) + "its certificate, then the issuer's",
            "  " + column(key) + keyLine()));
    if (!credentials.pins().isEmpty()) {
      lines.add("  pins.txt     keys of the server, for firmware that checks them");
    }
    if (credentials.commands() != null) {
      lines.add("  " + CommandTrust.FILE + "  who may command it, and what: see docs/commands.md");
    }
    lines.add("");
    lines.addAll(usage(id, publish, subscribe));
    return lines;
  }

  private String keyLine() {
    return credentials.key() == null
        ? "is not here: put it here from where it was made, to use the lines below"
        : "its private key, PKCS#8; nobody else has a copy";
  }

  private List<String> usage(String id, String publish, String subscribe) {
    return List.of(
        "Whoever has the key is "
            + id
            + ". Flash it, then delete this folder. The lines below work",
        "within this folder. One client id has one connection: a second one takes it over.",
        "",
        "Publish:",
        "",
        "  " + publish + " -q 1 -m '{\"hello\":1}'",
        "  " + publish + " -q 1 -V mqttv5 -m '{\"hello\":5}'",
        "",
        "Subscribe:",
        "",
        "  " + subscribe + " -q 1 -v",
        "  " + subscribe + " -q 1 -v -V mqttv5",
        "",
        "Look at the handshake:",
        "",
        "  openssl s_client -connect "
            + gate.hostAndPort()
            + " -CAfile ca.crt -cert "
            + certificate
            + " -key "
            + key
            + " -verify_return_error -brief </dev/null");
  }

  private String client(String program) {
    return program
        + " -h "
        + gate.host()
        + " -p "
        + gate.port()
        + " --cafile ca.crt --cert "
        + certificate
        + " --key "
        + key
        + " -i "
        + credentials.id();
  }

  private static String column(String file) {
    return file + " ".repeat(Math.max(1, 13 - file.length()));
  }
}
