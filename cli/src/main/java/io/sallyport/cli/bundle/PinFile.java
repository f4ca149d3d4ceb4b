package io.sallyport.cli.bundle;

import java.util.ArrayList;
import java.util.List;

/** The pins as a text, for firmware that reads files. */
final class PinFile {
  static final String NAME = "pins.txt";

  private PinFile() {}

  static BundleFile of(List<Gate.Pin> pins) {
    var lines = new ArrayList<String>();
    lines.add("# SHA-256 of the SubjectPublicKeyInfo of keys of the server, in base64 (RFC 7469).");
    lines.add(
        "# A server is the right one if its chain and name are, and the key of a certificate");
    lines.add("# in the path that was verified is one of these.");
    for (var pin : pins) {
      lines.add(pin.use() + " " + pin.key().pin());
    }
    return BundleFile.open(NAME, String.join("\n", lines) + "\n");
  }
}
