package io.sallyport.cli.factory;

import io.sallyport.cli.enrolment.OwnerFiles;
import io.sallyport.cli.server.OperatorFiles;
import io.sallyport.cli.terminal.Json;
import io.sallyport.identity.cms.DetachedSignature;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a factory made in one batch, without a secret.
 *
 * @param station the fingerprint of the certificate that outputs are encrypted to
 */
record Manifest(
    int version,
    String batch,
    String format,
    @Nullable String station,
    int count,
    List<DeviceFacts> devices) {
  static final String FILE = "manifest.json";

  /** A detached signature, CMS SignedData in DER. */
  static final String SIGNATURE = "manifest.json.p7s";

  static final int VERSION = 1;

  Manifest {
    devices = List.copyOf(devices);
  }

  /** Signs and writes it; the manifest itself comes last, so that whoever sees it has the whole. */
  void write(Path folder, OperatorFiles operator) {
    var text = text();
    var signature = DetachedSignature.sign(text, operator.key(), operator.chain());
    OwnerFiles.replace(folder.resolve(SIGNATURE), signature);
    OwnerFiles.replace(folder.resolve(FILE), text);
  }

  static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(FILE));
  }

  /** With one device a line, so that people can compare two of them. */
  private byte[] text() {
    var json = Json.mapper();
    var head = json.createObjectNode().put("version", version).put("batch", batch);
    head.put("format", format).put("station", station).put("count", count);
    var text = new StringBuilder(head.toString());
    text.setLength(text.length() - 1);
    text.append(",\"devices\":[");
    var separator = "\n";
    for (var device : devices) {
      text.append(separator).append(json.writeValueAsString(device));
      separator = ",\n";
    }
    return text.append("\n]}\n").toString().getBytes(StandardCharsets.UTF_8);
  }
}
