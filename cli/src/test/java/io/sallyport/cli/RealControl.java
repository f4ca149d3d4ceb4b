package io.sallyport.cli;

import io.sallyport.control.Control;
import io.sallyport.control.ControlConfiguration;
import io.sallyport.control.enforcement.Surroundings;
import io.sallyport.control.operators.OperatorAnswer;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.rest.HttpsCredentials;
import io.sallyport.control.store.Database;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.AuthorityRefused;
import io.sallyport.identity.issuance.DeviceKeys;
import io.sallyport.identity.issuance.KeyPairs;
import io.sallyport.identity.issuance.LeafProfile;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.Seal;
import io.sallyport.identity.issuance.Serials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;

/** Control itself over a fresh SQLite file, with the data directory of its first operator. */
final class RealControl implements AutoCloseable {
  private final Database database;
  private final Control control;
  private final Authorities authorities;
  private final Path data;

  RealControl(Path data) throws IOException {
    this.data = data;
    var serials = Serials.random();
    authorities = Authorities.create(serials, Instant.now());
    Files.createDirectories(data.resolve("operator"));
    database = Database.open("jdbc:sqlite:" + data.resolve("sallyport.db"), null, null);
    var year = Duration.ofDays(365);
    control =
        Control.open(
            new ControlConfiguration("127.0.0.1", 0, year, year, year, "test"),
            database,
            authorities,
            InstantSource.system());
    control.commands().sealWith(() -> seal(data));
    var port = control.serve(Surroundings.none(), credentials(authorities, serials), () -> true);
    var endpoint = "{\"https\":\"https://localhost:" + port + "\"}";
    Files.writeString(data.resolve("endpoint.json"), endpoint);
    operator();
  }

  private static Seal seal(Path data) {
    try (var passphrase = Passphrase.of("a passphrase".getBytes(StandardCharsets.UTF_8))) {
      var files = new AuthorityFiles(data.resolve("ca"));
      files.create(passphrase, Serials.random(), Instant.now());
      return files.seal(passphrase, "commands");
    } catch (AuthorityRefused e) {
      throw new IllegalStateException(e);
    }
  }

  String[] words(String... command) {
    var words = Arrays.copyOf(command, command.length + 2);
    words[command.length] = "--data";
    words[command.length + 1] = data.toString();
    return words;
  }

  /** Has an operator certified whose files nobody gets; the role is security. */
  void certifyOperator(PrincipalId name, String csr) {
    var answer = control.certifyLocalOperator(name, csr);
    if (!(answer instanceof OperatorAnswer.Certified)) {
      throw new IllegalStateException(answer.toString());
    }
  }

  /** Enrols a device as no server would: nobody looks at its key. */
  void enrolUnseen(String id, PublicKey key) {
    var device = new PrincipalId(id);
    var now = Instant.now();
    var serial = Serials.random().next();
    var profile = new LeafProfile.Server(List.of(id), List.of());
    var certificate = authorities.servers().sign(profile, key, serial, now, Duration.ofDays(1));
    database.change(
        handle -> {
          var pending =
              new Certificates.Pending(
                  serial, PrincipalKind.DEVICE, device, PublicKeyHash.of(key), now, 1);
          Certificates.insertPending(handle, List.of(pending));
          Certificates.activate(handle, Certificates.Signed.of(certificate));
        });
  }

  private void operator() throws IOException {
    var name = ControlConfiguration.FIRST_OPERATOR;
    try (var keys = DeviceKeys.generate(PrincipalKind.OPERATOR, name)) {
      var answer = control.certifyLocalOperator(name, keys.requestPem());
      if (!(answer instanceof OperatorAnswer.Certified certified)) {
        throw new IllegalStateException(answer.toString());
      }
      var folder = data.resolve("operator");
      var issuer = Pem.of(authorities.servers().certificate());
      Files.writeString(folder.resolve("operator.crt"), certified.certificate().pem() + issuer);
      Files.writeString(folder.resolve("ca.crt"), Pem.of(authorities.root()));
      var key = Files.write(folder.resolve("operator.key"), keys.privateKeyPem());
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }
  }

  private static HttpsCredentials credentials(Authorities authorities, Serials serials) {
    var pair = KeyPairs.p256();
    var profile = new LeafProfile.Server(List.of("localhost"), List.of());
    var leaf =
        authorities
            .servers()
            .sign(profile, pair.getPublic(), serials.next(), Instant.now(), Duration.ofDays(1));
    return new HttpsCredentials(pair.getPrivate(), authorities.chain(leaf, profile));
  }

  @Override
  public void close() {
    control.close();
    database.close();
  }
}
