package io.sallyport.control;

import io.sallyport.control.attestation.Attestations;
import io.sallyport.control.attestation.Endorsements;
import io.sallyport.control.audit.FleetKeys;
import io.sallyport.control.batches.BatchEnding;
import io.sallyport.control.batches.Batches;
import io.sallyport.control.commands.CommandService;
import io.sallyport.control.enforcement.Enforcement;
import io.sallyport.control.enforcement.Surroundings;
import io.sallyport.control.enforcement.Watch;
import io.sallyport.control.enrolment.Enroller;
import io.sallyport.control.enrolment.KeyScreen;
import io.sallyport.control.enrolment.authority.EnrolmentDesk;
import io.sallyport.control.enrolment.claim.Claims;
import io.sallyport.control.enrolment.introduction.IntroductionDesk;
import io.sallyport.control.enrolment.manufacturer.Manufacturers;
import io.sallyport.control.gateways.Gateways;
import io.sallyport.control.gateways.Membership;
import io.sallyport.control.gateways.Peers;
import io.sallyport.control.groups.Groups;
import io.sallyport.control.jobs.JobEnding;
import io.sallyport.control.jobs.JobMetrics;
import io.sallyport.control.jobs.JobRequests;
import io.sallyport.control.jobs.JobScheduler;
import io.sallyport.control.jobs.Jobs;
import io.sallyport.control.ledger.LedgerSink;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.messaging.DeskPrincipal;
import io.sallyport.control.messaging.LatePostbox;
import io.sallyport.control.messaging.MessageDesk;
import io.sallyport.control.messaging.Postbox;
import io.sallyport.control.messaging.TopicService;
import io.sallyport.control.observation.Observations;
import io.sallyport.control.observation.Recorder;
import io.sallyport.control.operators.OperatorAnswer;
import io.sallyport.control.operators.Operators;
import io.sallyport.control.pins.Pins;
import io.sallyport.control.policies.Policies;
import io.sallyport.control.policies.StandingInvariants;
import io.sallyport.control.provisioning.DeviceRenewals;
import io.sallyport.control.provisioning.FleetProvisioning;
import io.sallyport.control.provisioning.ProvisioningDesk;
import io.sallyport.control.provisioning.template.Templates;
import io.sallyport.control.publication.Publication;
import io.sallyport.control.publication.ValidationPages;
import io.sallyport.control.registry.AttachedPolicies;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.registry.TrustFeed;
import io.sallyport.control.rest.Api;
import io.sallyport.control.rest.HttpsCredentials;
import io.sallyport.control.rest.RestServer;
import io.sallyport.control.revocation.Ending;
import io.sallyport.control.revocation.Revoker;
import io.sallyport.control.rollover.Rollover;
import io.sallyport.control.rotation.Rotations;
import io.sallyport.control.shadow.ShadowCounters;
import io.sallyport.control.shadow.ShadowDesk;
import io.sallyport.control.shadow.ShadowService;
import io.sallyport.control.shadow.Shadows;
import io.sallyport.control.store.Database;
import io.sallyport.control.things.Things;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.Seal;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.ledger.EventSink;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The desk, in one process: first {@link #open}, after which offline commands can work with it;
 * then {@link #serve}, once gateway and exchange are there.
 */
public final class Control implements AutoCloseable {
  // Bound: principals held in memory while the registry is streamed.
  private static final int PAGE = 500;

  private final ControlConfiguration configuration;
  private final Database database;
  private final Principals principals;
  private final TrustFeed feed;
  private final Peers peers;
  private final Api api;
  private final Upkeep upkeep;
  private final FleetProvisioning provisioning;
  private final Rotations rotations;
  private final LatePostbox postbox = new LatePostbox();
  private final CommandService commands;
  private final List<TopicService> services;
  private final InstantSource clock;
  private final Instant startedAt;
  private @Nullable RestServer server;
  private @Nullable Recorder recorder;
  private @Nullable Gateways gateways;
  private @Nullable MessageDesk messages;

  private Control(
      ControlConfiguration configuration,
      Database database,
      Authorities authorities,
      InstantSource clock) {
    this.configuration = configuration;
    this.database = database;
    this.clock = clock;
    startedAt = clock.instant();
    principals = new Principals(new AttachedPolicies());
    feed = new TrustFeed(database, principals);
    peers = new Peers(database);
    var serials = Serials.random();
    var ledger = new LedgerStore(database);
    var invariants = new StandingInvariants(database, clock);
    var things = new Things(database, principals, feed, clock, invariants);
    var sink = new LedgerSink(ledger, clock);
    var enroller =
        new Enroller(
            database,
            authorities,
            serials,
            feed,
            clock,
            configuration.certificateLifetime(),
            invariants,
            new KeyScreen(configuration.compromisedKeys()));
    commands =
        new CommandService(database, configuration.commands(), postbox, new SecureRandom(), clock);
    var endings = List.<Ending>of(new JobEnding(), commands.commands());
    var revoker = new Revoker(database, principals, feed, peers, serials, clock, endings);
    // Everything that could let somebody into a batch ends with it.
    BatchEnding claims = (handle, name, by, now) -> Claims.killBatch(handle, name, by, now).size();
    var batches = new Batches(database, revoker, clock, List.of(claims));
    var shadows = new Shadows(configuration.shadows());
    rotations =
        new Rotations(
            database,
            enroller,
            shadows,
            feed,
            postbox,
            sink,
            clock,
            new SecureRandom(),
            configuration.rotation());
    var desk = new EnrolmentDesk(database, enroller, sink, clock, rotations.desk()::successor);
    var lines = new Claims(database, authorities, serials, batches, sink, clock);
    provisioning =
        new FleetProvisioning(database, lines, enroller, sink, clock, configuration.provisioning());
    var shadowCounters = new ShadowCounters();
    var jobScheduler = new JobScheduler(database, postbox, configuration.jobs());
    services =
        List.of(new ShadowService(shadows, shadowCounters), new JobRequests(), commands.desk());
    api =
        new Api(
            database,
            principals,
            enroller,
            revoker,
            batches,
            new Policies(database, feed, clock, invariants),
            new Groups(database, feed, clock, invariants),
            things,
            new Attestations(
                database, principals, things, clock, configuration.attestationMaxAge()),
            new Endorsements(database, principals, clock),
            new Observations(database, feed, clock, invariants),
            invariants,
            new Operators(database, authorities, serials, clock, configuration.operatorLifetime()),
            new Pins(database, clock),
            ledger,
            sink,
            authorities,
            peers,
            desk,
            new IntroductionDesk(desk, new Manufacturers(database, clock), lines, clock),
            new Templates(database, clock),
            provisioning,
            new DeviceRenewals(desk),
            new Publication(database, authorities, serials, configuration.publication(), clock),
            new FleetKeys(database, authorities, configuration.compromisedKeys()),
            new Rollover(database, clock),
            new ShadowDesk(database, shadows, shadowCounters, postbox, clock),
            new Jobs(database, clock, configuration.jobs()),
            new JobMetrics(database, jobScheduler),
            commands.commands(),
            rotations,
            clock);
    upkeep =
        new Upkeep(
            database,
            feed,
            enroller,
            revoker,
            api.batches(),
            api.desk(),
            provisioning,
            api.shadows(),
            jobScheduler,
            rotations,
            clock);
  }

  /**
   * Opens the desk over a database: makes the default policies when they are not there, and gives
   * up enrolments that a crash interrupted.
   */
  public static Control open(
      ControlConfiguration configuration,
      Database database,
      Authorities authorities,
      InstantSource clock) {
    var control = new Control(configuration, database, authorities, clock);
    try {
      control.api.policies().makeDefaults();
      new DeskPrincipal(database, control.feed, clock).make();
      control.upkeep.afterStart();
      return control;
    } catch (RuntimeException e) {
      control.close();
      throw e;
    }
  }

  /**
   * Takes part in a database that other gateways share; before the registry is read, so that no
   * change falls between the two.
   */
  public Gateways join(
      Membership membership, Seal seal, LongSupplier nanos, RandomGenerator jitter) {
    if (gateways != null) {
      throw new IllegalStateException("joined already");
    }
    var joined = Gateways.join(database, feed, peers, membership, seal, nanos, jitter);
    gateways = joined;
    return joined;
  }

  /** From now on tells this enforcement point of every change. */
  public void connect(Enforcement enforcement) {
    feed.connect(enforcement);
  }

  /** Whether other processes may write to the registry at this moment. */
  public boolean isShared() {
    return database.isShared();
  }

  /** Whether there is an operator of that name. */
  public boolean knowsOperator(PrincipalId name) {
    return api.operators().find(name).isPresent();
  }

  /**
   * Finishes cuts that a crash interrupted, then serves the REST API; the port that it listens on.
   * Gateway and exchange must be able to cut by now.
   *
   * @param rootKeyPresent whether the root's key is on this machine still
   */
  public int serve(
      Surroundings surroundings, HttpsCredentials credentials, BooleanSupplier rootKeyPresent) {
    if (server != null) {
      throw new IllegalStateException("served already, on port " + server.port());
    }
    feed.connect(surroundings.enforcement());
    rotations.watch(surroundings.connections());
    api.revoker().finishInterrupted();
    var started =
        api.serve(
            configuration.httpsHost(),
            configuration.httpsPort(),
            credentials,
            configuration.version(),
            startedAt,
            rootKeyPresent,
            surroundings);
    server = started;
    upkeep.begin(() -> gateways == null || gateways.isLeading());
    commands.begin(() -> gateways == null || gateways.isLeading());
    return started.port();
  }

  /**
   * Records from now on what the enforcement point sees, and writes it each time so much time has
   * passed, and when this is closed; what keys protected as often as rotation wants it.
   */
  public void record(Watch watch, Duration every) {
    if (recorder != null) {
      throw new IllegalStateException("recorded already");
    }
    var started = new Recorder(database, watch, clock);
    recorder = started;
    started.begin(every);
    rotations.count(watch::uses);
  }

  /** Shows another certificate to operators from the next handshake on. */
  public void show(HttpsCredentials credentials) {
    if (server != null) {
      server.show(credentials);
    }
  }

  /** Where gateway and exchange put their security events. */
  public EventSink events() {
    return api.sink();
  }

  /** Every device and backend, to fill a gateway's trust state at the start. */
  public void forEachPrincipal(Consumer<PrincipalRecord> consumer) {
    var after = "";
    while (true) {
      var from = after;
      var page = database.read(handle -> principals.page(handle, from, PAGE));
      if (page.isEmpty()) {
        return;
      }
      page.forEach(consumer);
      after = page.getLast().id().value();
    }
  }

  /**
   * Certifies the operator of this very machine, role security, for whoever may write its data
   * directory: at the first start, or when the key was lost. Earlier certificates of the same name
   * are revoked.
   */
  public OperatorAnswer certifyLocalOperator(PrincipalId name, String csrPem) {
    return api.operators().certifyLocal(name, csrPem);
  }

  /** The ledger, to append to, read and check without the REST API. */
  public LedgerStore ledger() {
    return api.ledger();
  }

  /** Where devices enrol themselves. */
  public EnrolmentDesk desk() {
    return api.desk();
  }

  /** Where devices come that a certificate introduces. */
  public IntroductionDesk introductions() {
    return api.introductions();
  }

  /** Commands that devices obey because they are signed. */
  public CommandService commands() {
    return commands;
  }

  /** Where devices are provisioned by messages. */
  public ProvisioningDesk provisioning() {
    return new ProvisioningDesk(provisioning);
  }

  /** Works from now on what devices ask of services by messages. */
  public MessageDesk answer() {
    if (messages != null) {
      throw new IllegalStateException("requests are answered already");
    }
    var desk = new MessageDesk(database, services, postbox, clock);
    messages = desk;
    return desk;
  }

  /** From now on what the services publish goes this way. */
  public void send(Postbox way) {
    postbox.connect(way);
  }

  /** Where whoever is let in renews its certificate by messages. */
  public DeviceRenewals renewals() {
    return api.renewals();
  }

  /** Enrolment without the REST API. */
  public Enroller enroller() {
    return api.enroller();
  }

  /** Revocation and quarantine without the REST API. */
  public Revoker revoker() {
    return api.revoker();
  }

  /** The keys that devices know the server by. */
  public Pins pins() {
    return api.pins();
  }

  /** What follows what among the authorities, and who knows of it. */
  public Rollover rollover() {
    return api.rollover();
  }

  /** Rotation of devices' certificates. */
  public Rotations rotations() {
    return rotations;
  }

  /** Policies without the REST API. */
  public Policies policies() {
    return api.policies();
  }

  /** Groups without the REST API. */
  public Groups groups() {
    return api.groups();
  }

  /**
   * From now on keeps revocation lists fresh, beyond making those that are asked for.
   *
   * @param plain where they are served over plain HTTP besides; null for nowhere
   */
  public void publish(@Nullable InetSocketAddress plain) {
    api.publication().begin(() -> gateways == null || gateways.isLeading());
    if (plain != null) {
      api.publication().listen(plain);
    }
  }

  /** What is served there while an ACME server looks whether names lead here. */
  public ValidationPages validations() {
    return api.publication().validations();
  }

  Api api() {
    return api;
  }

  void sweep() {
    upkeep.sweep();
  }

  /**
   * Ends the REST API and writes the events that wait; the database stays the caller's to close.
   */
  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    if (messages != null) {
      messages.close();
    }
    if (recorder != null) {
      recorder.close();
    }
    if (gateways != null) {
      gateways.close();
    }
    api.publication().close();
    commands.close();
    upkeep.close();
    rotations.close();
    api.sink().close();
  }
}
