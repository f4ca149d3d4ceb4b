package io.sallyport.conformance.est;

import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Ran;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** A product with an EST door, and folders in which devices make their own keys. */
final class EstSite implements AutoCloseable {
  /** Many failures come from this one machine, and are meant to. */
  static final String NO_BANS = "sources:\n  ban-after: 0\n";

  private static final Pattern PORT = Pattern.compile("^ready .* est=(\\d+)", Pattern.MULTILINE);

  final Path folder;
  final ProductProcess product;

  EstSite(Path folder, String estYaml, String more) {
    this.folder = folder;
    var file = folder.resolve("sallyport.yaml");
    try {
      Files.writeString(
          file, "est:\n  enabled: true\n  port: 0\n  host: 127.0.0.1\n" + estYaml + more);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    product = ProductProcess.start(folder.resolve("data"), "--config", file.toString());
  }

  /** The port, as the newest start announced it. */
  int port() {
    var match = PORT.matcher(product.said());
    if (!match.find()) {
      throw new AssertionError("no EST port was announced: " + product.said());
    }
    return Integer.parseInt(match.group(1));
  }

  String url(String operation) {
    return "https://localhost:" + port() + "/.well-known/est/" + operation;
  }

  /** The root that devices trust, as it would be flashed. */
  Path ca() {
    return folder.resolve("data/ca/root.crt");
  }

  /** A new one-time token. */
  String token(String id, String... options) {
    var command = new String[5 + options.length];
    command[0] = "enrolment";
    command[1] = "token";
    command[2] = "create";
    command[3] = id;
    command[4] = "--json";
    System.arraycopy(options, 0, command, 5, options.length);
    return new JsonMapper()
        .readTree(product.cli(command).expecting(0).out())
        .path("token")
        .asString();
  }

  /** A folder in which a device has a key and a request in base64, made by openssl. */
  Path device(String id) {
    return device(id, "/CN=" + id);
  }

  Path device(String id, String subject) {
    try {
      var device = Files.createTempDirectory(folder, "of-" + id);
      shell(
              device,
              "openssl ecparam -name prime256v1 -genkey -noout -out sec1.pem"
                  + " && openssl pkcs8 -topk8 -nocrypt -in sec1.pem -out device.key"
                  + " && openssl req -new -key device.key -subj '"
                  + subject
                  + "' -outform DER | base64 > csr.b64")
          .expecting(0);
      Files.copy(ca(), device.resolve("ca.crt"));
      return device;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A curl call; prints the status and, in the folder, leaves body and headers. */
  int curl(Path device, String operation, String options) {
    var ran =
        shell(
            device,
            "curl -sS --cacert ca.crt -o body -D headers -w '%{http_code}' "
                + options
                + " "
                + url(operation));
    return Integer.parseInt(ran.expecting(0).out().strip());
  }

  /** Enrols with a token, as the note's commands do it. */
  int enrol(Path device, String id, String token) {
    return post(device, "simpleenroll", "-u '" + id + ":" + token + "'");
  }

  int reenrol(Path device, Path newer) {
    return post(
        newer,
        "simplereenroll",
        "--cert " + device.resolve("device.crt") + " --key " + device.resolve("device.key"));
  }

  int post(Path device, String operation, String options) {
    return curl(
        device,
        operation,
        options + " -H 'Content-Type: application/pkcs10' --data-binary @csr.b64");
  }

  /** Takes the certificate out of the answer in the folder. */
  Ran unpack(Path device) {
    return shell(
            device,
            "base64 -d body | openssl pkcs7 -inform DER -print_certs -out device.crt"
                + " && openssl x509 -in device.crt -noout -subject -issuer -serial -ext"
                + " subjectAltName")
        .expecting(0);
  }

  /** A device with its first certificate. */
  Path enrolled(String id) {
    var device = device(id);
    int status = enrol(device, id, token(id));
    if (status != 200) {
      throw new AssertionError(id + " was answered " + status + ": " + body(device));
    }
    unpack(device);
    return device;
  }

  Endpoint mqtt(String id, Path device) {
    return new Endpoint("localhost", product.mqttPort(), new Bundle(id, device));
  }

  String body(Path device) {
    return text(device.resolve("body"));
  }

  String headers(Path device) {
    return text(device.resolve("headers"));
  }

  static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Ran shell(Path folder, String line) {
    return Program.runLine(folder, line);
  }

  @Override
  public void close() {
    product.close();
  }
}
