package io.sallyport.app.node;

import io.sallyport.app.acme.Acme;
import io.sallyport.app.acme.AcmeRenewal;
import io.sallyport.app.acme.Proofs;
import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.Key;
import io.sallyport.app.configuration.MqttKeys;
import io.sallyport.app.configuration.OperationKeys;
import io.sallyport.app.configuration.PkiKeys;
import io.sallyport.app.configuration.RegistryKeys;
import io.sallyport.app.configuration.ServerKeys;
import io.sallyport.app.configuration.ServiceKeys;
import io.sallyport.app.configuration.Source;
import io.sallyport.app.installation.DataDirectory;
import io.sallyport.app.installation.GatewayName;
import io.sallyport.app.installation.Installation;
import io.sallyport.app.process.Logging;
import io.sallyport.app.process.Machine;
import io.sallyport.app.process.Version;
import io.sallyport.app.process.Waiting;
import io.sallyport.app.stapling.Stapling;
import io.sallyport.app.tracing.Tracing;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.control.Control;
import io.sallyport.control.enforcement.Maintenance;
import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.enforcement.SourceBans;
import io.sallyport.control.enforcement.Surroundings;
import io.sallyport.control.publication.AddressUnusable;
import io.sallyport.exchange.Authority;
import io.sallyport.exchange.Exchange;
import io.sallyport.exchange.ExchangeUnavailable;
import io.sallyport.exchange.builtin.BuiltInExchange;
import io.sallyport.exchange.upstream.UpstreamExchange;
import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.ListenerSettings;
import io.sallyport.gateway.LiveListener;
import io.sallyport.gateway.observation.ConnectionObserver;
import io.sallyport.gateway.tls.ServerCredentials;
import io.sallyport.gateway.trust.TrustAge;
import io.sallyport.gateway.trust.TrustState;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.ledger.EventType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A running Sallyport: exchange, gateway and desk over one installation. */
public final class Node implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Machine machine;
  private final Source source;
  private final Configuration configuration;
  private @Nullable Gateway gateway;
  private @Nullable Caretaker caretaker;
  private @Nullable Neighbours neighbours;
  private @Nullable DeviceServices services;
  private int httpsPort;

  private Node(Machine machine, Source source) {
    this.machine = machine;
    this.source = source;
    this.configuration = source.read();
  }

  /** Starts everything; when it returns, devices and operators are let in. */
  public static Node start(DataDirectory directory, Configuration configuration, Machine machine) {
    return start(directory, Source.fixed(configuration), machine);
  }

  /** The same, and what changes in the source later can be reloaded. */
  public static Node start(DataDirectory directory, Source source, Machine machine) {
    var node = new Node(machine, source);
    try {
      node.startAll(directory, true);
      return node;
    } catch (RuntimeException | IOException e) {
      node.close();
      throw asFailure(e);
    }
  }

  /**
   * The desk alone, on a free port of this machine, for one command where nothing else runs; with
   * the exchange, because what a revocation ends is stored there.
   */
  public static Node startDesk(
      DataDirectory directory, Configuration configuration, Machine machine) {
    var alone =
        configuration.with(ServerKeys.HTTPS_HOST, "127.0.0.1").with(ServerKeys.HTTPS_PORT, 0);
    var node = new Node(machine, Source.fixed(alone));
    try {
      node.startAll(directory, false);
      return node;
    } catch (RuntimeException | IOException e) {
      node.close();
      throw asFailure(e);
    }
  }

  private static RuntimeException asFailure(Exception e) {
    return switch (e) {
      case Failure failure -> failure;
      case ExchangeUnavailable broken ->
          Failure.unavailable(String.valueOf(broken.getMessage()), broken);
      case AddressUnusable taken -> Failure.unavailable(String.valueOf(taken.getMessage()), taken);
      case RuntimeException unchecked -> unchecked;
      default -> Failure.unavailable(String.valueOf(e.getMessage()), e);
    };
  }

  private void startAll(DataDirectory directory, boolean withGateway) throws IOException {
    var names = ServerNames.of(configuration.get(ServerKeys.NAMES));
    var acme = withGateway ? Acme.of(configuration, directory) : null;
    var identity = new ServerIdentity(names, configuration, acme, machine.clock(), withGateway);
    var installation =
        Installation.open(directory, configuration, machine, withGateway, identity::make);
    parts.push(installation);
    if (withGateway) {
      parts.push(() -> installation.record(machine, EventType.STOPPED, Map.of()));
    }
    if (withGateway) {
      var address = names.printed() + ":" + configuration.get(MqttKeys.MQTT_PORT);
      neighbours = Neighbours.join(installation, configuration, machine, address);
    }
    var trust = new TrustState(neighbours == null ? TrustAge.NONE : neighbours.age());
    var believed = new Believed();
    installation.control().forEachPrincipal(p -> trust.put(believed.of(p)));
    var first = Waiting.forResult(identity.made());
    // It was made while the registry opened, which may hold other authorities.
    var shown =
        installation.hasSuccessors() ? identity.identity(installation.authorities()) : first;
    var pinning =
        new ServerPinning(
            installation.control().pins(),
            installation.authorities(),
            withGateway,
            configuration,
            shown);
    @Nullable Tracing tracing = null;
    if (withGateway) {
      pinning.require(configuration, shown);
      tracing = Tracing.of(configuration, machine);
      if (tracing != null) {
        parts.push(tracing);
      }
      gateway = gateway(installation, trust, shown, tracing);
      var est = EstService.door(configuration, installation.control(), installation.authorities());
      if (est != null) {
        gateway.serve(est);
      }
      var claims = ProvisioningService.door(configuration, installation.control());
      if (claims != null) {
        gateway.serve(claims);
      }
    }
    var exchange = exchange(installation.directory().exchange(), gateway);
    parts.push(exchange);
    var enforcer = new Enforcer(trust, believed, gateway, exchange, machine.nanos());
    if (gateway != null) {
      open(gateway, installation.control(), trust, enforcer, exchange);
    }
    var stapling = gateway == null ? null : stapling(installation, gateway, shown);
    var keeper =
        gateway == null || stapling == null
            ? null
            : caretaker(installation, gateway, exchange, names, acme, shown, pinning, stapling);
    var renewal =
        acme == null || gateway == null || keeper == null
            ? null
            : renewal(acme, installation, gateway, keeper);
    var keys = new TokenCare(installation.token());
    parts.push(keys);
    var surroundings =
        surroundings(
            trust, enforcer, exchange, names, tracing, pinning, keeper, keys, stapling, renewal);
    httpsPort =
        installation
            .control()
            .serve(surroundings, shown.forOperators(), installation::rootKeyPresent);
    if (gateway != null) {
      installation.control().publish(PkiKeys.listen(configuration));
      installation
          .control()
          .record(
              new GateWatch(gateway.recording()), configuration.get(RegistryKeys.RECORD_INTERVAL));
    }
    if (keeper != null) {
      caretaker = keeper;
      parts.push(keeper);
      Runnable changed =
          () -> {
            keeper.authoritiesChanged();
            installation.renewAnchors();
          };
      parts.push(
          new AuthorityWatch(installation::followAuthorities, installation::followTrust, changed)
              .begun());
    }
    if (renewal != null) {
      parts.push(renewal);
      renewal.begin();
    }
    if (withGateway) {
      installation.record(machine, EventType.STARTED, Map.of("version", Version.TEXT));
      installation.directory().announce(endpoint(names));
      parts.push(installation.directory()::withdraw);
    }
  }

  /** Lets devices in, once every change is followed. */
  private void open(
      Gateway door, Control control, TrustState trust, Enforcer enforcer, Exchange exchange) {
    var others = neighbours;
    var comings =
        new Comings(
            door,
            trust,
            control,
            others == null ? null : others.gateways(),
            configuration,
            machine);
    door.tellArrivals(comings::here);
    if (configuration.get(ServiceKeys.ENABLED)) {
      var name = others == null ? null : GatewayName.of(configuration);
      var begun =
          DeviceServices.begin(control, door, exchange, trust, configuration, machine, name);
      parts.push(begun);
      services = begun;
      door.tellArrivals(
          arrival -> {
            comings.here(arrival);
            begun.here(arrival);
          });
    }
    control.connect(enforcer);
    if (others != null) {
      parts.push(others);
      others.follow(door, comings);
    }
    parts.push(door);
    door.start(exchange);
  }

  private Gateway gateway(
      Installation installation,
      TrustState trust,
      ServerIdentity.Identity shown,
      @Nullable Tracing tracing) {
    var door =
        new Gateway(
            new Settings(configuration).gateway(),
            shown.devices().forDevices(),
            shown.anchors(),
            trust,
            installation.control().events(),
            machine.clock(),
            tracing == null ? ConnectionObserver.NOBODY : tracing);
    door.show(shown.forDevices(), shown.anchors());
    return door;
  }

  private Stapling stapling(
      Installation installation, Gateway door, ServerIdentity.Identity shown) {
    var stapling =
        new Stapling(
            door.staples(),
            installation.authorities(),
            Serials.random(),
            configuration.get(PkiKeys.OCSP_LIFETIME),
            machine.clock());
    parts.push(stapling);
    stapling.show(stapled(configuration, shown));
    return stapling;
  }

  private static List<Stapling.ShownChain> stapled(
      Configuration inForce, ServerIdentity.Identity shown) {
    return inForce.get(OperationKeys.STAPLING) ? shown.chains() : List.of();
  }

  private AcmeRenewal renewal(
      Acme acme, Installation installation, Gateway door, Caretaker keeper) {
    var validations = installation.control().validations();
    try (var seal = installation.seal("acme-account")) {
      var renewal =
          acme.renewal(
              installation.authorities().serverKeys(),
              seal,
              new Proofs.Pages() {
                @Override
                public void begin(String token, String text) {
                  validations.begin(token, text);
                }

                @Override
                public void end(String token) {
                  validations.end(token);
                }
              },
              new Proofs.Certificates() {
                @Override
                public void begin(String name, ServerCredentials proof) {
                  door.validations().begin(name, proof);
                }

                @Override
                public void end(String name) {
                  door.validations().end(name);
                }
              },
              () -> keeper.showAgain("acme"),
              machine.clock(),
              new SecureRandom());
      keeper.keep(renewal);
      return renewal;
    }
  }

  private Caretaker caretaker(
      Installation installation,
      Gateway door,
      Exchange exchange,
      ServerNames names,
      @Nullable Acme acme,
      ServerIdentity.Identity shown,
      ServerPinning pinning,
      Stapling stapling) {
    var control = installation.control();
    var reloader =
        new Reloader(
            source,
            configuration,
            shown,
            names,
            acme,
            installation.authorities(),
            machine.clock(),
            pinning,
            (changed, identity) -> {
              var settings = new Settings(changed);
              door.bound(settings.gateway());
              if (exchange instanceof BuiltInExchange builtIn) {
                builtIn.limit(settings.exchange());
              }
              door.show(identity.forDevices(), identity.anchors());
              stapling.show(stapled(changed, identity));
              control.show(identity.forOperators());
              Logging.configure(
                  changed.get(OperationKeys.LOG_FORMAT), changed.get(OperationKeys.LOG_LEVEL));
            });
    return new Caretaker(reloader, door, control.events(), machine);
  }

  private Exchange exchange(Path folder, @Nullable Gateway before) throws IOException {
    if (!Files.exists(folder)) {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    // Without a gateway nobody may speak for somebody who is gone.
    Authority authority = before == null ? (_, _, _) -> false : before.authority();
    var limits = new Settings(configuration).exchange();
    var upstream = new Upstream(configuration);
    if (!upstream.isConfigured()) {
      return new BuiltInExchange(folder, limits, authority, machine.clock());
    }
    return new UpstreamExchange(
        folder,
        upstream.settings(),
        limits,
        authority,
        machine.clock(),
        machine.nanos(),
        new SecureRandom());
  }

  private Surroundings surroundings(
      TrustState trust,
      Enforcer enforcer,
      Exchange exchange,
      ServerNames names,
      @Nullable Tracing tracing,
      ServerPinning pinning,
      @Nullable Caretaker keeper,
      TokenCare keys,
      @Nullable Stapling stapling,
      @Nullable AcmeRenewal renewal) {
    var door = gateway;
    var metrics = new Metrics(door, trust, neighbours, exchange, tracing, machine);
    MetricsSource all = keeper == null ? metrics : metrics.and(keys).and(keeper);
    all = stapling == null ? all : all.and(stapling);
    all = renewal == null ? all : all.and(renewal);
    all = services == null ? all : all.and(services);
    return new Surroundings(
        enforcer,
        door == null ? _ -> List.of() : new LiveGate(door),
        all,
        new RetainedView(exchange),
        metrics::gatewayStatus,
        metrics::exchangeStatus,
        door == null ? SourceBans.NONE : new GatewayBans(door.bans()),
        names.printed(),
        door == null ? configuration.get(MqttKeys.MQTT_PORT) : door.port(),
        pinning,
        keeper == null ? Maintenance.NONE : keeper,
        new Settings(configuration)
            .gateway().listeners().stream().map(ListenerSettings::rules).toList());
  }

  private String endpoint(ServerNames names) {
    return "{\"https\":\"https://%s:%d\",\"mqttHost\":\"%s\",\"mqttPort\":%d,\"pid\":%d%s,\"listeners\":[%s]}\n"
        .formatted(
            local(names),
            httpsPort,
            names.printed(),
            mqttPort(),
            ProcessHandle.current().pid(),
            estPort() == null ? "" : ",\"estPort\":" + estPort(),
            listeners().stream().map(Node::shown).collect(Collectors.joining(",")));
  }

  private static String shown(LiveListener listener) {
    return "{\"name\":\"%s\",\"port\":%d,\"policyMode\":\"%s\",\"subscribe\":\"%s\"}"
        .formatted(
            listener.rules().name(),
            listener.port(),
            Key.word(listener.rules().mode()),
            Key.word(listener.rules().subscribe()));
  }

  private List<LiveListener> listeners() {
    return gateway == null ? List.of() : gateway.listeners();
  }

  /** A name of the certificate by which this machine reaches the desk. */
  private String local(ServerNames names) {
    var host = configuration.get(ServerKeys.HTTPS_HOST);
    return names.local().orElse(host.equals("0.0.0.0") ? names.printed() : host);
  }

  public int mqttPort() {
    return gateway == null ? 0 : gateway.port();
  }

  /** The port where devices ask for certificates; null if there is none. */
  public @Nullable Integer estPort() {
    return gateway == null ? null : gateway.estPort();
  }

  public int httpsPort() {
    return httpsPort;
  }

  /** Reads configuration and certificates again, as an operator's reload does. */
  public void reload(String actor) {
    if (caretaker != null) {
      caretaker.reload(actor);
    }
  }

  /** Sends the devices away before the end, within the time that is configured. */
  public void leave() throws InterruptedException {
    if (caretaker != null) {
      caretaker.leave();
    }
  }

  /** Stops in the reverse order of starting; each part gets its chance. */
  @Override
  public synchronized void close() {
    @Nullable RuntimeException first = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      } catch (IOException e) {
        first = first == null ? new UncheckedIOException(e) : first;
      } catch (Exception e) {
        first = first == null ? new IllegalStateException(e) : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
