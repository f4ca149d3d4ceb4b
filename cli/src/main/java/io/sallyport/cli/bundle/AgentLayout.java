package io.sallyport.cli.bundle;

import io.sallyport.cli.terminal.Json;
import java.util.ArrayList;
import java.util.List;

/** What {@code sallyport agent} starts with: files of PEM, the pins that it checks, and where. */
final class AgentLayout implements Layout {
  private static final String ROOT = "ca.crt";
  private static final String CERTIFICATE = "device.crt";
  private static final String KEY = "device.key";

  @Override
  public List<BundleFile> files(Credentials credentials) {
    var files = new ArrayList<BundleFile>();
    files.add(BundleFile.open(ROOT, Credentials.ascii(credentials.root())));
    files.add(BundleFile.open(CERTIFICATE, Credentials.ascii(credentials.chain())));
    var key = credentials.key();
    if (key != null) {
      files.add(BundleFile.secret(KEY, key.clone()));
    }
    files.add(PinFile.of(credentials.pins()));
    var commands = credentials.commands();
    if (commands != null) {
      files.add(commands.file());
    }
    var json = Json.mapper().createObjectNode();
    json.put("endpoint", credentials.gate().host()).put("port", credentials.gate().port());
    json.put("clientId", credentials.id());
    json.put("root-ca", ROOT).put("cert", CERTIFICATE).put("key", KEY);
    var text = Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(json);
    files.add(BundleFile.open("config.json", text + "\n"));
    return files;
  }

  @Override
  public String mark(Credentials.Owner owner) {
    return CERTIFICATE;
  }
}
