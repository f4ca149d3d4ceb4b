package io.sallyport.cli.command;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.CrlPartition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.util.Base64;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ca crl}: what is published of revoked certificates, to look at or to hand on. */
@Command(
    name = "crl",
    description = "Show the revocation list of the devices' certificates, or save it.",
    footer = {
      "",
      "Example: sallyport ca crl",
      "Example: sallyport ca crl --out /etc/mosquitto/devices.pem",
      "Example: sallyport ca crl --partition 7 --der --out devices-7.crl"
    })
public final class CrlCommand implements Callable<Integer> {
  // Unsigned 8 bytes are enough for every number that is given.
  private static final String NUMBER_OID = "2.5.29.20";
  private static final int NUMBER_HEADER = 4;

  // Bound: devices CAs that may follow each other.
  private static final int GENERATIONS_MAX = 99;

  private final Terminal terminal;
  @Mixin private final Connection connection;
  @Mixin private Format format = new Format();

  @Option(names = "--out", paramLabel = "FILE", description = "Save it here, as PEM.")
  private @Nullable Path out;

  @Option(names = "--der", description = "Save it as DER.")
  private boolean der;

  @Option(
      names = "--partition",
      paramLabel = "N",
      description = "Only the part with that number, 0 to 63: what one certificate names.")
  private @Nullable Integer partition;

  @Option(
      names = "--generation",
      paramLabel = "N",
      description = "The list of the devices CA that followed: 2 to 99 (docs/ca-rollover.md).")
  private int generation = 1;

  @Option(names = "--servers", description = "The list of operators' certificates instead.")
  private boolean servers;

  /** The command, talking to that server. */
  public CrlCommand(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var name = name();
    byte[] list;
    try (var control = connection.open()) {
      list = control.download("/crl/" + name + ".crl");
    }
    var read = read(list);
    if (out != null) {
      save(out, der ? list : pem(list));
    }
    print(name, read);
    return 0;
  }

  private String name() {
    if (generation < 1 || generation > GENERATIONS_MAX || (servers && generation > 1)) {
      throw Failure.badInput("--generation is 1 to 99, of the devices CA alone");
    }
    var devices = generation == 1 ? "devices" : "devices-g" + generation;
    if (partition == null) {
      return servers ? "servers" : devices;
    }
    if (servers) {
      throw Failure.badInput("the list of operators has no partitions");
    }
    if (partition < 0 || partition >= CrlPartition.COUNT) {
      throw Failure.badInput("--partition must be 0 to " + (CrlPartition.COUNT - 1));
    }
    return devices + "-" + partition;
  }

  private void print(String name, X509CRL list) {
    var entries = list.getRevokedCertificates();
    var count = entries == null ? 0 : entries.size();
    if (format.json()) {
      var json = Json.mapper().createObjectNode();
      json.put("name", name);
      json.put("issuer", list.getIssuerX500Principal().getName());
      json.put("number", number(list));
      json.put("thisUpdate", list.getThisUpdate().toInstant().toString());
      json.put("nextUpdate", list.getNextUpdate().toInstant().toString());
      json.put("entries", count);
      Json.print(terminal, json);
      return;
    }
    terminal.line("list        " + name);
    terminal.line("issuer      " + list.getIssuerX500Principal().getName());
    terminal.line("number      " + number(list));
    terminal.line("this update " + list.getThisUpdate().toInstant());
    terminal.line("next update " + list.getNextUpdate().toInstant());
    terminal.line("revoked     " + count);
  }

  private static X509CRL read(byte[] list) {
    try {
      var factory = CertificateFactory.getInstance("X.509");
      if (factory.generateCRL(new ByteArrayInputStream(list)) instanceof X509CRL read) {
        return read;
      }
    } catch (GeneralSecurityException e) {
      // Said below.
    }
    throw Failure.unavailable("the server did not answer with a revocation list");
  }

  /** An INTEGER within an OCTET STRING, both short. */
  private static long number(X509CRL list) {
    var value = list.getExtensionValue(NUMBER_OID);
    return value == null || value.length <= NUMBER_HEADER
        ? 0
        : new BigInteger(value, NUMBER_HEADER, value.length - NUMBER_HEADER).longValue();
  }

  private static byte[] pem(byte[] list) {
    var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(list);
    return ("-----BEGIN X509 CRL-----\n" + base64 + "\n-----END X509 CRL-----\n")
        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  /** Whoever reads the file meanwhile finds the old list or the new one, never half of one. */
  private static void save(Path file, byte[] content) {
    try {
      var folder = file.toAbsolutePath().getParent();
      var next = Files.createTempFile(folder, ".crl", ".new");
      try {
        Files.write(next, content);
        Files.setPosixFilePermissions(
            next, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(next);
      }
    } catch (IOException e) {
      throw Failure.unavailable(file + " cannot be written: " + e.getMessage(), e);
    }
  }
}
