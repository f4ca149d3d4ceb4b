package io.sallyport.bench.server;

import io.sallyport.bench.load.ClientFiles;
import io.sallyport.bench.load.Identities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Devices and backends with P-256 keys and certificates on disk, one folder each.
 *
 * @param directory where the folders are
 * @param trust the CA certificates that the clients' own descend from
 */
public record Fleet(Path directory, Path trust, List<String> devices, List<String> backends) {
  /** Who signs for a fleet. */
  interface Issuer {
    /** The CA certificates, as PEM. */
    String trustPem() throws IOException, InterruptedException;

    /** The certificate chains of devices, by id. */
    Map<String, String> devices(Map<String, KeyPair> keys) throws IOException, InterruptedException;

    /** The certificate chains of backends, by id. */
    Map<String, String> backends(Map<String, KeyPair> keys)
        throws IOException, InterruptedException;
  }

  /** How many of each a measurement needs. */
  public record Size(int devices, int backends) {}

  static Fleet issue(Path directory, Size size, Issuer issuer)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    var trust = directory.resolve("client-cas.crt");
    var devices = keys(size.devices(), Identities::device);
    var backends = keys(size.backends(), Identities::backend);
    Files.writeString(trust, issuer.trustPem());
    write(directory, devices, issuer.devices(devices));
    write(directory, backends, issuer.backends(backends));
    return new Fleet(
        directory, trust, List.copyOf(devices.keySet()), List.copyOf(backends.keySet()));
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
          public Map<String, String> devices(Map<String, KeyPair> keys) throws IOException {
            var issued = new LinkedHashMap<String, String>();
            for (var entry : keys.entrySet()) {
              issued.put(
                  entry.getKey(),
                  authority.issueClient(entry.getKey(), entry.getValue().getPublic()));
            }
            return issued;
          }

          @Override
          public Map<String, String> backends(Map<String, KeyPair> keys) throws IOException {
            return devices(keys);
          }
        });
  }

  private static Map<String, KeyPair> keys(int count, IntFunction<String> name) {
    var keys = new LinkedHashMap<String, KeyPair>();
    IntStream.rangeClosed(1, count)
        .mapToObj(name)
        .forEach(id -> keys.put(id, TestAuthority.newKeys()));
    return keys;
  }

  private static void write(Path directory, Map<String, KeyPair> keys, Map<String, String> chains)
      throws IOException {
    for (var entry : keys.entrySet()) {
      var chain = chains.get(entry.getKey());
      if (chain == null) {
        throw new IOException("no certificate was issued to " + entry.getKey());
      }
      var files = ClientFiles.in(directory, entry.getKey());
      Files.createDirectories(directory.resolve(entry.getKey()));
      Files.writeString(files.certificate(), chain);
      Files.writeString(files.key(), Pem.of(entry.getValue().getPrivate()));
    }
  }
}
