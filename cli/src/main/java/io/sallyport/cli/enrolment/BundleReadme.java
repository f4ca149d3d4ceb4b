package io.sallyport.cli.enrolment;

import java.util.List;

/** The README.txt of a bundle: lines to copy, working as they stand, for this very principal. */
final class BundleReadme {
  static final String FILE = "README.txt";

  private final Applicant applicant;
  private final Gate gate;

  BundleReadme(Applicant applicant, Gate gate) {
    this.applicant = applicant;
    this.gate = gate;
  }

  String text() {
    return String.join("\n", lines()) + "\n";
  }

  private List<String> lines() {
    var id = applicant.id().value();
    var device = applicant.keyFile().startsWith("device");
    var topicOut = device ? "devices/" + id + "/telemetry" : "devices/DEVICE/commands";
    var topicIn = device ? "devices/" + id + "/commands" : "devices/+/telemetry";
    var publish = client("mosquitto_pub") + " -t " + topicOut;
    var subscribe = client("mosquitto_sub") + " -t '" + topicIn + "'";
    return List.of(
        "The identity of " + applicant.kind().word() + " " + id + ", made by Sallyport.",
        "",
        "  ca.crt       whom it trusts: the root of this installation",
        "  " + column(applicant.certificateFile()) + "its certificate, then the issuer's",
        "  " + column(applicant.keyFile()) + "its private key, PKCS#8; nobody else has a copy",
        "",
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
            + applicant.certificateFile()
            + " -key "
            + applicant.keyFile()
            + " -verify_return_error -brief </dev/null");
  }

  private String client(String program) {
    return program
        + " -h "
        + gate.host()
        + " -p "
        + gate.port()
        + " --cafile ca.crt --cert "
        + applicant.certificateFile()
        + " --key "
        + applicant.keyFile()
        + " -i "
        + applicant.id();
  }

  private static String column(String file) {
    return file + " ".repeat(Math.max(1, 13 - file.length()));
  }
}
