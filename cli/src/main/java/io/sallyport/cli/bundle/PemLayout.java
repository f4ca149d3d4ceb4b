package io.sallyport.cli.bundle;

import java.util.ArrayList;
import java.util.List;

/** Files that OpenSSL, mosquitto and Paho take, with lines to try them. */
final class PemLayout implements Layout {
  @Override
  public List<BundleFile> files(Credentials credentials) {
    var word = credentials.owner().kind().word();
    var files = new ArrayList<BundleFile>();
    files.add(BundleFile.open("ca.crt", Credentials.ascii(credentials.root())));
    files.add(BundleFile.open(word + ".crt", Credentials.ascii(credentials.chain())));
    var key = credentials.key();
    if (key != null) {
      files.add(BundleFile.secret(word + ".key", key.clone()));
    }
    if (!credentials.pins().isEmpty()) {
      files.add(PinFile.of(credentials.pins()));
    }
    var commands = credentials.commands();
    if (commands != null) {
      files.add(commands.file());
    }
    files.add(BundleFile.open("README.txt", new PemReadme(credentials).text()));
    return files;
  }

  @Override
  public String mark(Credentials.Owner owner) {
    return owner.kind().word() + ".crt";
  }
}
