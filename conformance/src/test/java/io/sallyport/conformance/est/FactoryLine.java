package io.sallyport.conformance.est;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A manufacturer's own authority and the certificates that its devices leave it with, by openssl.
 */
final class FactoryLine {
  private static final String KEY =
      "openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out ";

  final Path folder;

  FactoryLine(Path parent, String name, int pathLength) {
    try {
      folder = Files.createTempDirectory(parent, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    EstSite.shell(
            folder,
            KEY
                + "ca.key && openssl req -x509 -key ca.key -subj '/O=Acme/CN=Acme Device CA'"
                + " -days 9000 -addext basicConstraints=critical,CA:TRUE,pathlen:"
                + pathLength
                + " -addext keyUsage=critical,keyCertSign,cRLSign -out ca.pem")
        .expecting(0);
  }

  Path ca() {
    return folder.resolve("ca.pem");
  }

  /** A device's folder gets its initial certificate: idevid.crt and idevid.key. */
  void issue(Path device, String subject, String days) {
    sign(device, subject, days, "ca", "");
  }

  /**
   * The same, with more extensions.
   *
   * @param signer whose key and certificate sign, by the name of their files
   */
  void sign(Path device, String subject, String days, String signer, String more) {
    var certificate = signer.equals("ca") ? "ca.pem" : signer + ".pem";
    var extensions = more.isEmpty() ? "keyUsage=critical,digitalSignature\\n" : more;
    EstSite.shell(
            device,
            KEY
                + "idevid.key && openssl req -new -key idevid.key -subj '"
                + subject
                + "' -out idevid.csr && printf '"
                + extensions
                + "' > ext && openssl x509 -req -in idevid.csr -CA "
                + folder.resolve(certificate)
                + " -CAkey "
                + folder.resolve(signer + ".key")
                + " -set_serial 0x$(openssl rand -hex 8 | sed 's/^./1/') -days "
                + days
                + " -extfile ext -out idevid.crt")
        .expecting(0);
  }
}
