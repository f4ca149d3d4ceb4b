package io.sallyport.cli.bundle;

import io.sallyport.cli.terminal.Json;
import java.util.ArrayList;
import java.util.List;

/** The file names that the samples of the AWS IoT SDKs expect, with what they are started with. */
final class AwsIotLayout implements Layout {
  private static final String ROOT = "AmazonRootCA1.pem";
  private static final String CERTIFICATE = "certificate.pem.crt";
  private static final String KEY = "private.pem.key";

  @Override
  public List<BundleFile> files(Credentials credentials) {
    var files = new ArrayList<BundleFile>();
    files.add(BundleFile.open(ROOT, Credentials.ascii(credentials.root())));
    files.add(BundleFile.open(CERTIFICATE, Credentials.ascii(credentials.chain())));
    var key = credentials.key();
    if (key != null) {
      files.add(BundleFile.secret(KEY, key.clone()));
    }
    if (!credentials.pins().isEmpty()) {
      files.add(PinFile.of(credentials.pins()));
    }
    var commands = credentials.commands();
    if (commands != null) {
      files.add(commands.file());
    }
    files.add(BundleFile.open("config.json", configuration(credentials)));
    return files;
  }

  @Override
  public String mark(Credentials.Owner owner) {
    return CERTIFICATE;
  }

  private static String configuration(Credentials credentials) {
    var json = Json.mapper().createObjectNode();
    json.put("endpoint", credentials.gate().host()).put("port", credentials.gate().port());
    json.put("clientId", credentials.id()).put("thing-name", credentials.id());
    json.put("root-ca", ROOT).put("cert", CERTIFICATE).put("key", KEY);
    json.put("topic", credentials.telemetryTopic());
    return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }
}
