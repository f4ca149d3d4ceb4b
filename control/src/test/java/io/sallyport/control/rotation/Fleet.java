package io.sallyport.control.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.RecordingEnforcement;
import io.sallyport.control.TestClock;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.enrolment.Enroller;
import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.control.enrolment.KeyScreen;
import io.sallyport.control.ledger.LedgerSink;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.policies.StandingInvariants;
import io.sallyport.control.registry.AttachedPolicies;
import io.sallyport.control.registry.CertificateRecord;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.registry.TrustFeed;
import io.sallyport.control.shadow.ShadowAnswer;
import io.sallyport.control.shadow.ShadowId;
import io.sallyport.control.shadow.ShadowSettings;
import io.sallyport.control.shadow.Shadows;
import io.sallyport.control.store.Database;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.identity.keys.CompromisedKeys;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A registry with devices that rotate, without a gate: the tests say what connects. */
final class Fleet implements AutoCloseable {
  /** How long certificates hold; they are due after two thirds of it, spread over three days. */
  static final Duration LIFETIME = Duration.ofDays(90);

  static final Duration DUE = Duration.ofDays(64);

  final TestClock clock;
  final Database database;
  final Authorities authorities;
  final RecordingEnforcement enforcement = new RecordingEnforcement();
  final Shadows shadows = new Shadows(ShadowSettings.DEFAULTS);
  final List<Publication> posted = new CopyOnWriteArrayList<>();
  final LedgerSink sink;
  final TrustFeed feed;
  final Enroller enroller;
  final Rotations rotations;
  private final boolean owner;

  Fleet(TestDatabase kind) {
    this(kind, RotationSettings.DEFAULTS);
  }

  Fleet(TestDatabase kind, RotationSettings settings) {
    this(new TestClock(), kind.fresh(), null, settings, true);
  }

  /** Another process on the same registry. */
  static Fleet beside(Fleet other) {
    return new Fleet(
        other.clock, other.database, other.authorities, RotationSettings.DEFAULTS, false);
  }

  private Fleet(
      TestClock clock,
      Database database,
      @Nullable Authorities known,
      RotationSettings settings,
      boolean owner) {
    this.clock = clock;
    this.database = database;
    this.owner = owner;
    authorities = known == null ? Authorities.create(Serials.random(), clock.instant()) : known;
    sink = new LedgerSink(new LedgerStore(database), clock);
    feed = new TrustFeed(database, new Principals(new AttachedPolicies()));
    feed.connect(enforcement);
    enroller =
        new Enroller(
            database,
            authorities,
            Serials.random(),
            feed,
            clock,
            LIFETIME,
            new StandingInvariants(database, clock),
            new KeyScreen(CompromisedKeys.NONE));
    rotations =
        new Rotations(
            database,
            enroller,
            shadows,
            feed,
            publication -> {
              posted.add(publication);
              return CompletableFuture.allOf();
            },
            sink,
            clock,
            new SecureRandom(),
            settings);
  }

  CertificateRecord enrol(String id) {
    var request =
        new EnrolmentRequest(PrincipalKind.DEVICE, id, Desk.csr(id), Map.of(), "", List.of(), null);
    var answer = enroller.enrol(request, "alice");
    assertThat(answer).isInstanceOf(Enrolment.Issued.class);
    return ((Enrolment.Issued) answer).certificate();
  }

  void tick() {
    rotations.tick(clock.instant());
  }

  void pass(Duration time) {
    clock.advance(time);
    tick();
  }

  /** Until the device is asked; its nonce. */
  String asked(String id) {
    pass(DUE);
    pass(Duration.ofHours(1));
    assertThat(of(id).state()).isEqualTo(RotationState.ASKED);
    return of(id).nonce();
  }

  RotationRecord of(String id) {
    return rotations.page(null, "", 1000).stream()
        .filter(one -> one.principal().value().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no rotation of " + id));
  }

  /** What the device reports in the shadow, and what is made of it. */
  void report(String id, String json) {
    var answer =
        database.write(
            handle ->
                shadows.update(
                    handle,
                    clock.instant(),
                    ShadowId.classic(new PrincipalId(id)),
                    "{\"state\":{\"reported\":{\"rotation\":" + json + "}}}"));
    assertThat(answer).isInstanceOf(ShadowAnswer.Accepted.class);
    rotations.work();
  }

  void answer(String id, String nonce, String csr) {
    report(id, "{\"nonce\":\"" + nonce + "\",\"csr\":\"" + csr.replace("\n", "\\n") + "\"}");
  }

  /** What is desired of it. */
  Map<String, String> desired(String id) {
    var answer =
        database.read(
            handle -> shadows.get(handle, clock.instant(), ShadowId.classic(new PrincipalId(id))));
    var found = new TreeMap<String, String>();
    if (answer instanceof ShadowAnswer.Accepted(var response, _, _)) {
      for (var name : List.of("nonce", "certificate", "refused")) {
        response
            .text("state", "desired", "rotation", name)
            .ifPresent(text -> found.put(name, text));
      }
    }
    return found;
  }

  /** The whole way to a new certificate that nobody has come with. */
  Fingerprint issued(String id) {
    answer(id, asked(id), Desk.csr(id));
    return successor(id);
  }

  /** The certificate that takes the old one's place. */
  Fingerprint successor(String id) {
    return Objects.requireNonNull(of(id).successor());
  }

  void arrive(String id, Fingerprint with) {
    rotations.arrived(new PrincipalId(id), with);
    rotations.work();
  }

  /** What the gate takes of it. */
  Set<Fingerprint> active(String id) {
    return database
        .read(handle -> new Principals(new AttachedPolicies()).find(handle, new PrincipalId(id)))
        .orElseThrow()
        .activeCertificates();
  }

  List<SecurityEvent> events(EventType type) {
    return new LedgerStore(database)
        .last(10_000).stream()
            .map(record -> record.event())
            .filter(event -> event.type() == type)
            .toList();
  }

  @Override
  public void close() {
    rotations.close();
    sink.close();
    if (owner) {
      database.close();
    }
  }
}
