package io.sallyport.app.node;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.ServiceKeys;
import io.sallyport.app.process.Machine;
import io.sallyport.control.Control;
import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.messaging.DeskPrincipal;
import io.sallyport.control.messaging.MessageDesk;
import io.sallyport.control.messaging.Presence;
import io.sallyport.control.messaging.Publication;
import io.sallyport.exchange.Exchange;
import io.sallyport.exchange.builtin.BuiltInExchange;
import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.connection.Arrival;
import io.sallyport.gateway.connection.TrustedService;
import io.sallyport.gateway.service.ServiceDoor;
import io.sallyport.gateway.service.ServiceTerms;
import io.sallyport.gateway.trust.TrustState;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Joins the desk's services and the exchange: what devices ask for goes to the desk, its answers to
 * them, and whoever listens hears who comes and goes.
 */
final class DeviceServices implements MetricsSource, AutoCloseable {
  private static final String GROUP = "sallyport";
  private static final int RUN_BYTES = 8;

  // A desk that is away so long finds nothing waiting when it is back; devices ask again.
  private static final long SESSION_EXPIRY_SECONDS = 86_400;

  private final MessageDesk desk;
  private final ServiceDoor door;
  private final Machine machine;
  private final @Nullable Presence presence;

  private DeviceServices(
      MessageDesk desk, ServiceDoor door, Machine machine, @Nullable Presence presence) {
    this.desk = desk;
    this.door = door;
    this.machine = machine;
    this.presence = presence;
  }

  /**
   * Begins them.
   *
   * @param name tells this server's client from those of others that share the registry; null where
   *     there are no others
   */
  static DeviceServices begin(
      Control control,
      Gateway gateway,
      Exchange exchange,
      TrustState trust,
      Configuration configuration,
      Machine machine,
      @Nullable String name) {
    var desk = control.answer();
    var id = DeskPrincipal.ID;
    var terms =
        new ServiceTerms(
            id,
            name == null ? id.value() : id + ":" + name,
            GROUP,
            desk.filters(),
            exchange instanceof BuiltInExchange ? SESSION_EXPIRY_SECONDS : 0);
    var door =
        new ServiceDoor(
            exchange,
            terms,
            new TrustedService(trust, control.events(), machine.clock()),
            desk::take);
    // First the way out, then the door: the answer to the first request finds its way.
    control.send(publication -> door.publish(publication.topic(), publication.payload()));
    door.begin();
    var services =
        new DeviceServices(
            desk,
            door,
            machine,
            configuration.get(ServiceKeys.PRESENCE) ? new Presence(run()) : null);
    gateway.tellDepartures(services::gone);
    return services;
  }

  private static String run() {
    var bytes = new byte[RUN_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** A client was let in. */
  void here(Arrival arrival) {
    if (presence != null) {
      tell(presence.connected(connection(arrival), machine.clock().instant()));
    }
  }

  private void gone(Arrival arrival, String why) {
    if (presence != null) {
      var ending = Presence.Ending.of(why);
      tell(presence.disconnected(connection(arrival), ending, machine.clock().instant()));
    }
  }

  private static Presence.Connection connection(Arrival arrival) {
    return new Presence.Connection(
        arrival.principal(),
        arrival.clientId(),
        arrival.number(),
        arrival.address().getHostAddress());
  }

  // What finds no way is counted by the door.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void tell(Optional<Publication> event) {
    event.ifPresent(what -> door.mention(what.topic(), what.payload()));
  }

  @Override
  public void collect(Consumer<Metric> out) {
    var counters = door.counters();
    gauge(
        out,
        "connected",
        "Whether the server hears what devices ask of its services: 1, or 0.",
        counters.connected() ? 1 : 0);
    gauge(
        out,
        "waiting",
        "Messages of the services that wait to be sent.",
        (double) counters.waiting());
    gauge(
        out, "requests_waiting", "Requests of devices that wait to be worked on.", desk.waiting());
    counter(out, "published", "Messages that the services sent.", counters.published());
    counter(
        out,
        "unpublished",
        "Messages of the services that could not be sent: denied, refused, or no way for them.",
        counters.failed());
    counter(out, "received", "Messages that were delivered to the services.", counters.received());
    desk.counters()
        .forEach(
            service -> {
              request(out, service.getKey(), "worked-on", service.getValue().workedOn());
              request(out, service.getKey(), "busy", service.getValue().busy());
              request(out, service.getKey(), "broken", service.getValue().broken());
            });
  }

  private static void request(Consumer<Metric> out, String service, String result, long count) {
    out.accept(
        new Metric(
            "sallyport_services_requests_total",
            "Requests of devices to a service: worked on, whatever the answer was, without room, or"
                + " failed.",
            Type.COUNTER,
            Map.of("service", service, "result", result),
            count));
  }

  private static void gauge(Consumer<Metric> out, String name, String help, double value) {
    out.accept(new Metric("sallyport_services_" + name, help, Type.GAUGE, Map.of(), value));
  }

  private static void counter(Consumer<Metric> out, String name, String help, long value) {
    out.accept(
        new Metric("sallyport_services_" + name + "_total", help, Type.COUNTER, Map.of(), value));
  }

  /** Leaves the exchange; the desk goes on with what it has until it is closed itself. */
  @Override
  public void close() {
    door.close();
  }
}
