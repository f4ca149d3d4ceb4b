package io.sallyport.app.node;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.Keys;
import io.sallyport.app.installation.DataDirectory;
import io.sallyport.app.installation.Installation;
import io.sallyport.app.process.Machine;
import io.sallyport.app.process.Version;
import io.sallyport.app.process.Waiting;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.control.enforcement.LiveConnections;
import io.sallyport.control.enforcement.Surroundings;
import io.sallyport.control.rest.HttpsCredentials;
import io.sallyport.exchange.Authority;
import io.sallyport.exchange.Exchange;
import io.sallyport.exchange.ExchangeUnavailable;
import io.sallyport.exchange.builtin.BuiltInExchange;
import io.sallyport.exchange.upstream.UpstreamExchange;
import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.tls.DeviceAnchors;
import io.sallyport.gateway.tls.ServerCredentials;
import io.sallyport.gateway.trust.TrustState;
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
import org.jspecify.annotations.Nullable;

/** A running Sallyport: exchange, gateway and desk over one installation. */
public final class Node implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Machine machine;
  private final Configuration configuration;
  private @Nullable Gateway gateway;
  private int httpsPort;

  private Node(Machine machine, Configuration configuration) {
    this.machine = machine;
    this.configuration = configuration;
  }

  /** Starts everything; when it returns, devices and operators are let in. */
  public static Node start(DataDirectory directory, Configuration configuration, Machine machine) {
    var node = new Node(machine, configuration);
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
    var alone = configuration.with(Keys.HTTPS_HOST, "127.0.0.1").with(Keys.HTTPS_PORT, 0);
    var node = new Node(machine, alone);
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
      case RuntimeException unchecked -> unchecked;
      default -> Failure.unavailable(String.valueOf(e.getMessage()), e);
    };
  }

  private void startAll(DataDirectory directory, boolean withGateway) throws IOException {
    var names = ServerNames.of(configuration.get(Keys.NAMES));
    var identity = new ServerIdentity(names, machine.clock(), withGateway);
    var installation =
        Installation.open(directory, configuration, machine, withGateway, identity::make);
    parts.push(installation);
    if (withGateway) {
      parts.push(() -> installation.record(machine, EventType.STOPPED, Map.of()));
    }
    var trust = new TrustState();
    installation.control().forEachPrincipal(p -> trust.put(Enforcer.trusted(p)));
    var shown = Waiting.forResult(identity.made());
    if (withGateway) {
      gateway = gateway(installation, trust, shown);
    }
    var exchange = exchange(installation.directory().exchange(), gateway);
    parts.push(exchange);
    if (gateway != null) {
      parts.push(gateway);
      gateway.start(exchange);
    }
    var surroundings = surroundings(trust, exchange, names);
    httpsPort =
        installation
            .control()
            .serve(
                surroundings,
                new HttpsCredentials(shown.key(), shown.chain()),
                installation::rootKeyPresent);
    if (withGateway) {
      installation.record(machine, EventType.STARTED, Map.of("version", Version.TEXT));
      installation.directory().announce(endpoint(names));
      parts.push(installation.directory()::withdraw);
    }
  }

  private Gateway gateway(Installation installation, TrustState trust, ServerIdentity.Shown shown) {
    var authorities = installation.authorities();
    var anchors =
        new DeviceAnchors(
            List.of(authorities.devices().certificate()), List.of(authorities.root()));
    return new Gateway(
        new Settings(configuration).gateway(),
        new ServerCredentials(shown.key(), shown.chain()),
        anchors,
        trust,
        installation.control().events(),
        machine.clock());
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

  private Surroundings surroundings(TrustState trust, Exchange exchange, ServerNames names) {
    var door = gateway;
    var metrics = new Metrics(door, exchange, machine);
    return new Surroundings(
        new Enforcer(trust, door, exchange, machine.nanos()),
        id -> door == null ? List.of() : connections(door, id),
        metrics,
        metrics::gatewayStatus,
        metrics::exchangeStatus,
        names.printed(),
        door == null ? configuration.get(Keys.MQTT_PORT) : door.port());
  }

  private static List<LiveConnections.LiveConnection> connections(
      Gateway door, io.sallyport.identity.PrincipalId id) {
    return door.connections(id).stream()
        .map(c -> new LiveConnections.LiveConnection(c.clientId(), c.address(), c.since()))
        .toList();
  }

  private String endpoint(ServerNames names) {
    return "{\"https\":\"https://%s:%d\",\"mqttHost\":\"%s\",\"mqttPort\":%d,\"pid\":%d}\n"
        .formatted(
            local(names), httpsPort, names.printed(), mqttPort(), ProcessHandle.current().pid());
  }

  /** A name of the certificate by which this machine reaches the desk. */
  private String local(ServerNames names) {
    var host = configuration.get(Keys.HTTPS_HOST);
    return names.local().orElse(host.equals("0.0.0.0") ? names.printed() : host);
  }

  public int mqttPort() {
    return gateway == null ? 0 : gateway.port();
  }

  public int httpsPort() {
    return httpsPort;
  }

  /** Stops in the reverse order of starting; each part gets its chance. */
  @Override
  public void close() {
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
