package io.sallyport.gateway;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.Ticker;
import io.sallyport.exchange.Authority;
import io.sallyport.exchange.Exchange;
import io.sallyport.exchange.Reason;
import io.sallyport.gateway.connection.ActivityWatch;
import io.sallyport.gateway.connection.Arrival;
import io.sallyport.gateway.connection.Arrivals;
import io.sallyport.gateway.connection.Bounds;
import io.sallyport.gateway.connection.Connections;
import io.sallyport.gateway.connection.Counters;
import io.sallyport.gateway.connection.Denials;
import io.sallyport.gateway.connection.Departure;
import io.sallyport.gateway.connection.Doorway;
import io.sallyport.gateway.connection.Draining;
import io.sallyport.gateway.connection.FailClosed;
import io.sallyport.gateway.connection.GateContext;
import io.sallyport.gateway.connection.Listener;
import io.sallyport.gateway.connection.Recording;
import io.sallyport.gateway.connection.WillAuthority;
import io.sallyport.gateway.connection.WillModes;
import io.sallyport.gateway.defence.Bans;
import io.sallyport.gateway.defence.DeviceRates;
import io.sallyport.gateway.defence.Sources;
import io.sallyport.gateway.est.EstCounters;
import io.sallyport.gateway.est.EstDoor;
import io.sallyport.gateway.meter.Meters;
import io.sallyport.gateway.observation.ConnectionObserver;
import io.sallyport.gateway.tls.DeviceAnchors;
import io.sallyport.gateway.tls.DeviceTrust;
import io.sallyport.gateway.tls.GateTls;
import io.sallyport.gateway.tls.GuestTrust;
import io.sallyport.gateway.tls.ServerCredentials;
import io.sallyport.gateway.tls.ShownCertificates;
import io.sallyport.gateway.tls.Staples;
import io.sallyport.gateway.tls.TicketKeys;
import io.sallyport.gateway.tls.Validations;
import io.sallyport.gateway.topic.DeviceDoor;
import io.sallyport.gateway.topic.TopicDoor;
import io.sallyport.gateway.transport.Transport;
import io.sallyport.gateway.trust.TrustState;
import io.sallyport.identity.PrincipalId;
import io.sallyport.ledger.EventSink;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The gate: TLS and MQTT towards the devices, decisions in the middle, the exchange behind. */
public final class Gateway implements AutoCloseable {
  private static final int BACKLOG = 4_096;
  private static final long SWEEP_SECONDS = 5;

  private GatewayConfiguration configuration;
  private volatile Bounds bounds;
  private ShownCertificates shown;
  private DeviceAnchors anchors;
  private final Staples staples;
  private final Validations validations = new Validations();
  private final TrustState trust;
  private final InstantSource clock;
  private final DeviceTrust deviceTrust;
  private final GuestTrust guestTrust;
  private final GuestTrust callerTrust;
  private final Connections connections = new Connections();
  private final Counters counters = new Counters();
  private final Meters meters = new Meters();
  private final ActivityWatch activity =
      new ActivityWatch(connections, Ticker.systemTicker()::nanoTime);
  private final ConnectionObserver observer;
  private final WillModes willModes = new WillModes();
  private final Denials denials;
  private final Recording recording = new Recording(connections);
  private final Bans bans;
  private final Sources sources;
  private final DeviceRates rates;
  private final Draining draining = new Draining(connections);
  private final FailClosed failClosed;
  private final Arrivals arrivals = new Arrivals();
  private final TicketKeys tickets;
  private final SideDoors doors = new SideDoors();
  private @Nullable Running running;

  /** What exists between start and close. */
  private record Running(
      EventLoopGroup loops,
      GateTls tls,
      Doorway doorway,
      List<OpenListener> bound,
      @Nullable OpenListener est,
      Future<?> sweeping) {}

  public Gateway(
      GatewayConfiguration configuration,
      ServerCredentials credentials,
      DeviceAnchors anchors,
      TrustState trust,
      EventSink events,
      InstantSource clock) {
    this(configuration, credentials, anchors, trust, events, clock, ConnectionObserver.NOBODY);
  }

  /**
   * A gate that is closed.
   *
   * @param observer who is told of the connections
   */
  public Gateway(
      GatewayConfiguration configuration,
      ServerCredentials credentials,
      DeviceAnchors anchors,
      TrustState trust,
      EventSink events,
      InstantSource clock,
      ConnectionObserver observer) {
    this.observer = observer;
    this.configuration = configuration;
    this.bounds = bounds(configuration);
    this.shown = ShownCertificates.only(credentials);
    this.staples = new Staples(clock);
    this.anchors = anchors;
    this.trust = trust;
    this.clock = clock;
    this.deviceTrust = new DeviceTrust(anchors, trust, configuration.tls(), clock);
    this.guestTrust =
        new GuestTrust(deviceTrust, doors::takesManufacturers, () -> true, doors::expiredMax);
    this.callerTrust = new GuestTrust(deviceTrust, () -> false, doors::takesClaims);
    this.denials = new Denials(events, clock);
    this.failClosed = new FailClosed(trust.age(), connections, events, clock);
    this.tickets = new TicketKeys(configuration.tls().ticketKeyPeriod());
    var defence = configuration.defence();
    this.bans = new Bans(defence.bans(), events, clock);
    this.sources = new Sources(defence, configuration.trusted(), bans, Ticker.systemTicker());
    this.rates = new DeviceRates(defence, Ticker.systemTicker());
  }

  /** For the exchange: whether a will of somebody who is gone may still be published. */
  public Authority authority() {
    return new WillAuthority(trust, willModes, denials, clock);
  }

  /** Opens a door for devices that want a certificate, too; before the start. */
  public synchronized void serve(EstDoor door) {
    doors.est = door;
  }

  /** Lets claims call services on reserved topics, too; before the start. */
  public synchronized void serve(TopicDoor door) {
    doors.topics = door;
  }

  /** Answers requests of whoever is let in, on reserved topics, too; before the start. */
  public synchronized void serve(DeviceDoor door) {
    doors.devices = door;
  }

  /** What the EST door answered, if there is one. */
  public List<EstCounters.Count> estAnswers() {
    return doors.estAnswers();
  }

  /** The port of the EST door, if there is one. */
  public synchronized @Nullable Integer estPort() {
    var open = running;
    return open == null || open.est == null ? null : open.est.port();
  }

  /** Binds and lets devices in; returns when it listens. */
  public synchronized void start(Exchange exchange) {
    if (running != null) {
      throw new IllegalStateException("the gate is open already");
    }
    var loops = Transport.loops(configuration.eventLoops(), "gate");
    var tls = tls(loops);
    try {
      var doorway = new Doorway(context(exchange, tls), loops);
      var bound = new ArrayList<OpenListener>();
      for (var settings : configuration.listeners()) {
        var listener = new Listener(settings.rules(), settings.balancers());
        bound.add(bind(loops, doorway, listener, settings.host(), settings.port()));
      }
      var door = doors.est;
      var estBound = door == null ? null : bind(loops, doorway, door);
      var sweeping =
          loops.scheduleAtFixedRate(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
      failClosed.watch(loops);
      running = new Running(loops, tls, doorway, List.copyOf(bound), estBound, sweeping);
    } catch (RuntimeException e) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
      tls.close();
      throw e;
    }
  }

  private GateTls tls(EventLoopGroup loops) {
    return new GateTls(shown, staples, validations, callerTrust, guestTrust, tickets, loops);
  }

  /** The status of what is shown, for clients that take it with the certificate. */
  public Staples staples() {
    return staples;
  }

  /** What proves names to an ACME server; when the gate closes, none. */
  public Validations validations() {
    return validations;
  }

  /** What every connection carries, and what waits for it. */
  public ActivityWatch.Look activity() {
    return activity.look();
  }

  private GateContext context(Exchange exchange, GateTls tls) {
    return new GateContext(
        () -> bounds,
        tls,
        deviceTrust,
        guestTrust,
        callerTrust,
        doors.topics,
        doors.devices,
        trust,
        exchange,
        connections,
        counters,
        meters,
        observer,
        willModes,
        denials,
        recording,
        sources,
        rates,
        draining,
        failClosed,
        arrivals,
        clock);
  }

  private void sweep() {
    denials.drain();
    activity.forget();
    bans.sweep();
    rates.sweep();
  }

  private static Bounds bounds(GatewayConfiguration of) {
    return new Bounds(
        of.connections(), of.mqtt(), of.tls().handshakeTimeout(), of.tls().handshakesMax());
  }

  private OpenListener bind(EventLoopGroup loops, Doorway doorway, EstDoor door) {
    var settings = door.settings();
    return bind(loops, doorway, Listener.of(door), settings.host(), settings.port());
  }

  private OpenListener bind(
      EventLoopGroup loops, Doorway doorway, Listener listener, String host, int port) {
    int high = configuration.connections().outboundBytesMax();
    var bound =
        new ServerBootstrap()
            .group(loops)
            .channel(Transport.listener())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(high / 2, high))
            .childHandler(doorway.through(listener))
            .bind(host, port)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new GatewayUnavailable("cannot listen on " + host + " port " + port, bound.cause());
    }
    return new OpenListener(listener, host, bound.channel());
  }

  /** Shows another certificate from the next handshake on; connections stay. */
  public synchronized void show(ServerCredentials credentials) {
    show(ShownCertificates.only(credentials), anchors);
  }

  /** Shows others, and has devices' certificates lead to other CAs; before or after the start. */
  public synchronized void show(ShownCertificates certificates, DeviceAnchors ledTo) {
    if (!ledTo.equals(anchors)) {
      deviceTrust.take(ledTo);
      anchors = ledTo;
      connections.retire(deviceTrust::isRetired);
    }
    if (running != null) {
      running.tls.show(certificates);
    }
    shown = certificates;
  }

  /**
   * Takes other bounds, from the next connection or packet on, and other load balancers before the
   * listeners. Where they listen, event loops and what was promised to clients in CONNACK stay as
   * they are.
   */
  public synchronized void bound(GatewayConfiguration changed) {
    configuration =
        configuration
            .withTls(
                configuration
                    .tls()
                    .withHandshakeTimeout(changed.tls().handshakeTimeout())
                    .withHandshakesMax(changed.tls().handshakesMax()))
            .withConnections(changed.connections())
            .withMqtt(changed.mqtt().withReceiveMaximum(configuration.mqtt().receiveMaximum()))
            .withDefence(changed.defence())
            .withBalancersOf(changed);
    bounds = bounds(configuration);
    sources.take(configuration.defence(), configuration.trusted());
    boolean otherRates = rates.take(configuration.defence());
    var open = running;
    if (open != null) {
      open.bound.forEach(bound -> bound.listener().behind(configuration.balancers(bound.name())));
      open.doorway.bound();
      if (otherRates) {
        open.doorway.ratesChanged();
      }
    }
  }

  /**
   * Lets nobody in any more and sends away who is connected, at most so many a second; nothing of
   * their stored sessions is lost.
   */
  public synchronized void drain(Departure to, int perSecond) {
    draining.begin(to, perSecond, running().loops);
  }

  /** Lets devices in again. */
  public void endDrain() {
    draining.end();
  }

  public DrainProgress draining() {
    var to = draining.departure();
    // Who leaves between the two is counted twice rather than by neither: 'nobody is left' is
    // final.
    long remaining = connections.sessionCount();
    return new DrainProgress(
        to != null,
        to == null ? null : to.server(),
        to != null && to.moved(),
        draining.sent(),
        remaining);
  }

  /** Whether nobody is let in, since what is believed is too old. */
  public boolean isFailedClosed() {
    return failClosed.isClosed();
  }

  /**
   * Takes keys of TLS session tickets that other gates have, too, and makes none of its own any
   * more: the first one encrypts, each decrypts. The keys are wiped. Before or after the start.
   */
  public void ticketKeys(List<byte[]> keys) {
    tickets.take(keys);
  }

  /** Tells this one of each client that is let in; it must not block. */
  public void tellArrivals(Consumer<Arrival> told) {
    arrivals.tell(told);
  }

  /** Tells this one of each client that was let in and is gone, and why; it must not block. */
  public void tellDepartures(BiConsumer<Arrival, String> told) {
    arrivals.tellDepartures(told);
  }

  /** An arrival was told to every gateway, in its place among all. */
  public void announced(PrincipalId id, long arrival) {
    connections.announced(id, arrival);
  }

  /**
   * A client was let in elsewhere: its connections here that came before it end, as MQTT says of a
   * client that connects again. How many those are.
   */
  public int takenOver(PrincipalId id, Predicate<String> clientId) {
    return connections.takenOver(id, clientId);
  }

  /** The port that the first listener has. */
  public int port() {
    return running().bound.getFirst().port();
  }

  /** The listeners, the first one first; none while it is closed. */
  public synchronized List<LiveListener> listeners() {
    var open = running;
    var bound = open == null ? List.<OpenListener>of() : open.bound;
    return bound.stream()
        .map(
            one ->
                new LiveListener(
                    one.listener().rules(),
                    one.host(),
                    one.port(),
                    one.listener().connections(),
                    one.listener().accepted()))
        .toList();
  }

  /**
   * Ends every connection of a principal and waits, bounded, until the sockets are gone. Must not
   * be called on a connection's thread.
   */
  public Cut cut(PrincipalId id, Reason reason) {
    var ticker = Ticker.systemTicker();
    long start = ticker.nanoTime();
    var ending = connections.cut(id, reason);
    int stillOpen = Connections.await(ending, configuration.connections().cutWaitMax(), ticker);
    return new Cut(ending.size(), stillOpen, ticker.nanoTime() - start);
  }

  /** Decides live connections and subscriptions of a principal again, each on its own thread. */
  public void trustChanged(PrincipalId id) {
    connections.trustChanged(id);
  }

  /** The principal's connections that are open now. */
  public List<LiveConnection> connections(PrincipalId id) {
    return connections.describe(id).stream().map(LiveConnection::of).toList();
  }

  /** What sessions used, to be taken from it now and then. */
  public Recording recording() {
    return recording;
  }

  /** Who is not let in for having failed too often. */
  public Bans bans() {
    return bans;
  }

  public GatewayStatistics statistics() {
    return GatewayStatistics.of(counters, deviceTrust.resumptions(), bans);
  }

  /** How long things take, and why they are denied. */
  public Meters meters() {
    return meters;
  }

  /** Stops listening, tells the clients, and closes their sockets. */
  @Override
  public synchronized void close() {
    var open = running;
    if (open == null) {
      return;
    }
    running = null;
    open.sweeping.cancel(false);
    failClosed.stop();
    open.bound.forEach(bound -> bound.channel().close().awaitUninterruptibly());
    if (open.est != null) {
      open.est.channel().close().awaitUninterruptibly();
    }
    open.doorway.close(configuration.connections().cutWaitMax());
    draining.end();
    open.loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    open.tls.close();
    denials.drainAll();
  }

  private synchronized Running running() {
    var open = running;
    if (open == null) {
      throw new IllegalStateException("the gate is not open");
    }
    return open;
  }
}
