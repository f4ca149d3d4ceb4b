package io.sallyport.control.rollover;

import io.sallyport.control.Control;
import io.sallyport.control.Desk;
import io.sallyport.control.TestClock;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.AuthorityLine;
import io.sallyport.identity.issuance.AuthorityRefused;
import io.sallyport.identity.issuance.AuthorityRollover;
import io.sallyport.identity.issuance.CeremonyRefused;
import io.sallyport.identity.issuance.OfflineRoot;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.identity.issuance.StoredAuthority;
import io.sallyport.identity.issuance.SuccessorKeys;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/** A desk whose authorities lie in files, as in an installation. */
final class Site implements AutoCloseable {
  private static final Passphrase PASSPHRASE = Passphrase.generate();

  final TestClock clock = new TestClock();
  final AuthorityFiles files;
  final Authorities authorities;
  final SuccessorKeys keys;
  final Database database;
  final Control control;
  final Rollover rollover;
  private final Path directory;

  Site(TestDatabase kind, Path directory) throws AuthorityRefused {
    this.directory = directory;
    files = new AuthorityFiles(directory.resolve("ca"));
    authorities = files.create(PASSPHRASE, Serials.random(), clock.instant());
    keys = files.successorKeys(PASSPHRASE);
    database = kind.fresh();
    control = Control.open(Desk.CONFIGURATION, database, authorities, clock);
    rollover = control.rollover();
  }

  AuthorityRollover maker() {
    return new AuthorityRollover(authorities, rollover.stored(), keys, Serials.random());
  }

  OfflineRoot root() throws AuthorityRefused {
    return files.root(PASSPHRASE);
  }

  void beginDevices() throws AuthorityRefused, CeremonyRefused, RolloverRefused {
    begin(List.of(maker().devices(root(), clock.instant())));
    follow();
  }

  void beginRoot(String name) throws AuthorityRefused, CeremonyRefused, RolloverRefused {
    var fresh =
        OfflineRoot.create(directory.resolve(name), PASSPHRASE, Serials.random(), clock.instant());
    begin(maker().root(root(), fresh, clock.instant()));
    follow();
  }

  void begin(List<StoredAuthority> made) throws RolloverRefused {
    rollover.begin(made, rollover.stored(), "alice");
  }

  /** Everything that is trusted now was told of. */
  void learnt(String id, Rollover.Learnt by) {
    rollover.learnt(List.of(new PrincipalId(id)), authorities.line(), by);
  }

  void activate() throws AuthorityRefused, RolloverRefused {
    clock.advance(Rollover.SETTLING);
    rollover.activate("bob");
    follow();
  }

  /** What every gateway does when it sees that the registry changed. */
  void follow() throws AuthorityRefused {
    authorities.take(AuthorityFiles.line(first(), rollover.stored(), keys));
  }

  /** What {@code ca/} holds. */
  AuthorityLine first() throws AuthorityRefused {
    return files.load(PASSPHRASE).line();
  }

  X509Certificate enrol(String id) {
    return issued(control.enroller().enrol(request(id), "alice"));
  }

  X509Certificate renew(String id, X509Certificate shown) {
    var certificate = io.sallyport.control.registry.Certificates.Signed.of(shown).fingerprint();
    return issued(control.enroller().succeed(request(id), certificate));
  }

  private static EnrolmentRequest request(String id) {
    return new EnrolmentRequest(PrincipalKind.DEVICE, id, Desk.csr(id), Map.of(), "", null, null);
  }

  private static X509Certificate issued(Enrolment answer) {
    if (answer instanceof Enrolment.Issued issued) {
      return Desk.certificate(issued.certificate().pem());
    }
    throw new AssertionError(answer.toString());
  }

  @Override
  public void close() {
    control.close();
    database.close();
    keys.close();
  }
}
