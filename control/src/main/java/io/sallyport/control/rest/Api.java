package io.sallyport.control.rest;

import io.sallyport.control.attestation.Attestations;
import io.sallyport.control.attestation.Endorsements;
import io.sallyport.control.audit.FleetKeys;
import io.sallyport.control.batches.Batches;
import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.enforcement.Surroundings;
import io.sallyport.control.enrolment.Enroller;
import io.sallyport.control.enrolment.authority.EnrolmentDesk;
import io.sallyport.control.enrolment.introduction.IntroductionDesk;
import io.sallyport.control.gateways.Peers;
import io.sallyport.control.groups.Groups;
import io.sallyport.control.ledger.LedgerSink;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.observation.Observations;
import io.sallyport.control.observation.Suggestions;
import io.sallyport.control.observation.UnusedRights;
import io.sallyport.control.operators.Operators;
import io.sallyport.control.pins.Pins;
import io.sallyport.control.policies.FleetAnalysis;
import io.sallyport.control.policies.Policies;
import io.sallyport.control.policies.PolicyExplainer;
import io.sallyport.control.policies.StandingInvariants;
import io.sallyport.control.provisioning.FleetProvisioning;
import io.sallyport.control.provisioning.template.Templates;
import io.sallyport.control.publication.Publication;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.revocation.Revoker;
import io.sallyport.control.rollover.Rollover;
import io.sallyport.control.rollover.RolloverMetrics;
import io.sallyport.control.shadow.ShadowDesk;
import io.sallyport.control.store.Database;
import io.sallyport.control.things.Things;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.Authorities;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Every service that the API speaks for, and the routes made of them. */
public record Api(
    Database database,
    Principals principals,
    Enroller enroller,
    Revoker revoker,
    Batches batches,
    Policies policies,
    Groups groups,
    Things things,
    Attestations attestations,
    Endorsements endorsements,
    Observations observations,
    StandingInvariants invariants,
    Operators operators,
    Pins pins,
    LedgerStore ledger,
    LedgerSink sink,
    Authorities authorities,
    Peers peers,
    EnrolmentDesk desk,
    IntroductionDesk introductions,
    Templates templates,
    FleetProvisioning provisioning,
    Publication publication,
    FleetKeys fleetKeys,
    Rollover rollover,
    ShadowDesk shadows,
    InstantSource clock) {

  /** Serves the API until it is closed. */
  public RestServer serve(
      String host,
      int port,
      HttpsCredentials credentials,
      String version,
      Instant startedAt,
      BooleanSupplier rootKeyPresent,
      Surroundings surroundings) {
    var facts = new SystemRoutes.Facts(version, startedAt, rootKeyPresent);
    return new RestServer(
        host,
        port,
        credentials,
        authorities.servers().certificate(),
        new Access(operators, sink, clock),
        routes(facts, surroundings));
  }

  List<Route> routes(SystemRoutes.Facts facts, Surroundings surroundings) {
    var routes = new ArrayList<Route>();
    routes.addAll(
        new SystemRoutes(facts, database, authorities, surroundings, sink, ownMetrics(surroundings))
            .routes());
    var devices = principalRoutes(PrincipalKind.DEVICE, surroundings);
    // Before the routes with a parameter at the same place.
    routes.add(devices.batchRoute());
    routes.addAll(devices.routes());
    routes.addAll(principalRoutes(PrincipalKind.BACKEND, surroundings).routes());
    for (var kind : List.of(PrincipalKind.DEVICE, PrincipalKind.BACKEND)) {
      routes.addAll(new ThingRoutes(kind, things, surroundings.connections()).routes());
    }
    routes.addAll(new ShadowRoutes(shadows).routes());
    routes.addAll(new AttestationRoutes(attestations, endorsements).routes());
    routes.addAll(new EnrolmentRoutes(desk).routes());
    routes.addAll(new BatchRoutes(batches).routes());
    routes.addAll(new ManufacturerRoutes(introductions.manufacturers()).routes());
    routes.addAll(new ClaimRoutes(introductions.claims(), authorities).routes());
    routes.addAll(new TemplateRoutes(templates).routes());
    routes.addAll(new PolicyRoutes(policies).routes());
    routes.addAll(new GroupRoutes(groups).routes());
    routes.addAll(
        new ObservationRoutes(
                observations,
                new Suggestions(database),
                new UnusedRights(database, principals, clock),
                clock)
            .routes());
    routes.addAll(explainRoutes(surroundings).routes());
    routes.addAll(new AnalysisRoutes(new FleetAnalysis(database), invariants).routes());
    routes.addAll(new SecretRoutes(surroundings.retained()).routes());
    routes.addAll(new InvariantRoutes(invariants).routes());
    routes.addAll(new KeyAuditRoutes(fleetKeys).routes());
    routes.addAll(new LedgerRoutes(ledger).routes());
    routes.addAll(new GatewayRoutes(peers, sink, clock).routes());
    routes.addAll(new BanRoutes(surroundings.bans(), sink, clock).routes());
    routes.addAll(new OperatorRoutes(operators, authorities).routes());
    routes.addAll(new PublicationRoutes(publication).routes());
    routes.addAll(new RolloverRoutes(rollover).routes());
    routes.addAll(new PinRoutes(pins, surroundings.pins()).routes());
    routes.addAll(new MaintenanceRoutes(surroundings.maintenance()).routes());
    return List.copyOf(routes);
  }

  private PrincipalRoutes principalRoutes(PrincipalKind kind, Surroundings surroundings) {
    return new PrincipalRoutes(
        kind,
        database,
        principals,
        enroller,
        batches,
        revoker,
        authorities,
        rollover,
        surroundings);
  }

  private ExplainRoutes explainRoutes(Surroundings surroundings) {
    return new ExplainRoutes(new PolicyExplainer(database, principals, surroundings, clock));
  }

  private MetricsSource ownMetrics(Surroundings surroundings) {
    return new ControlMetrics(database, sink, desk)
        .and(new IntroductionMetrics(introductions))
        .and(provisioning)
        .and(shadows.counters())
        .and(publication.metrics())
        .and(new RolloverMetrics(rollover, clock))
        .and(new PinMetrics(pins, surroundings.pins()));
  }
}
