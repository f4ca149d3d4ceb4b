package io.sallyport.bench.server;

import io.sallyport.bench.load.ClientFiles;
import io.sallyport.bench.load.Identities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Devices and backends with P-256 keys and certificates on disk, one folder each.
 *
 * @param directory where the folders are
 * @param trust the CA certificates that the clients' own descend from
 */
public record Fleet(Path directory, Path trust, List<String> devices, List<String> backends) {
  /**
   * How many of each a measurement needs.
   *
   * @param rules how many more rules than usual the devices have
   */
  public record Size(int devices, int backends, int rules) {
    /** With the usual rules. */
    public Size(int devices, int backends) {
      this(devices, backends, 0);
    }

    /** The beginning of the topics of such a rule. */
    static String rule(int number) {
      return "sites/site-%04d/line-%d/".formatted(number, number % 7);
    }
  }

  /** A certificate chain and its key, both in PEM. */
  static final class Identity {
    private final String chain;
    private final byte[] key;

    Identity(String chain, byte[] key) {
      this.chain = chain;
      this.key = key;
    }
  }

  /** Who signs for a fleet. */
  interface Issuer {
    /** The CA certificates, as PEM. */
    String trustPem() throws IOException, InterruptedException;

    Map<String, Identity> devices(List<String> ids) throws IOException, InterruptedException;

    Map<String, Identity> backends(List<String> ids) throws IOException, InterruptedException;
  }

  static Fleet issue(Path directory, Size size, Issuer issuer)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    var trust = Files.writeString(directory.resolve("client-cas.crt"), issuer.trustPem());
    var devices = IntStream.rangeClosed(1, size.devices()).mapToObj(Identities::device).toList();
    var backends = IntStream.rangeClosed(1, size.backends()).mapToObj(Identities::backend).toList();
    write(directory, issuer.devices(devices));
    write(directory, issuer.backends(backends));
    return new Fleet(directory, trust, devices, backends);
  }

  /**
   * A fleet that a throw-away CA of one level signs: the shortest chain that a server can verify.
   */
  public static Fleet selfMade(Path directory, Size size) throws IOException, InterruptedException {
    var authority = TestAuthority.create("clients");
    return issue(
        directory,
        size,
        new Issuer() {
          @Override
          public String trustPem() throws IOException {
            return authority.certificatePem();
          }

          @Override
          public Map<String, Identity> devices(List<String> ids) throws IOException {
            var issued = new LinkedHashMap<String, Identity>();
            for (var id : ids) {
              issued.put(id, authority.issueClient(id));
            }
            return issued;
          }

          @Override
          public Map<String, Identity> backends(List<String> ids) throws IOException {
            return devices(ids);
          }
        });
  }

  static void write(Path directory, Map<String, Identity> identities) throws IOException {
    for (var entry : identities.entrySet()) {
      var files = ClientFiles.in(directory, entry.getKey());
      Files.createDirectories(directory.resolve(entry.getKey()));
      Files.writeString(files.certificate(), entry.getValue().chain);
      Files.write(files.key(), entry.getValue().key);
    }
  }
}
