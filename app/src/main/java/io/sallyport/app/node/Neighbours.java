package io.sallyport.app.node;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.NeighbourKeys;
import io.sallyport.app.installation.GatewayName;
import io.sallyport.app.installation.Installation;
import io.sallyport.app.process.Machine;
import io.sallyport.app.process.Version;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.control.enforcement.Neighbourhood;
import io.sallyport.control.gateways.Gateways;
import io.sallyport.control.gateways.Membership;
import io.sallyport.control.gateways.NameTaken;
import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.tls.TlsSettings;
import io.sallyport.gateway.trust.TrustAge;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The other gateways on the same database, as this one sees them: what it learns by them. */
final class Neighbours implements Neighbourhood, AutoCloseable {
  private static final int INSTANCE_BYTES = 8;

  private final Gateways gateways;
  private final TrustAge age;
  private @Nullable Gateway gateway;
  private @Nullable Comings comings;

  private Neighbours(Gateways gateways, TrustAge age) {
    this.gateways = gateways;
    this.age = age;
  }

  /**
   * Takes its place among them, before the registry is read; null where the database is its own.
   *
   * @param address where devices reach it
   */
  static @Nullable Neighbours join(
      Installation installation, Configuration configuration, Machine machine, String address) {
    var control = installation.control();
    if (!control.isShared()) {
      return null;
    }
    var age = new TrustAge(configuration.get(NeighbourKeys.TRUST_MAX_AGE), machine.nanos());
    try {
      return new Neighbours(
          control.join(
              membership(installation, configuration, address),
              installation.seal("ticket-keys"),
              machine.nanos(),
              new SecureRandom()),
          age);
    } catch (NameTaken e) {
      throw Failure.badInput(String.valueOf(e.getMessage()));
    }
  }

  private static Membership membership(
      Installation installation, Configuration configuration, String address) {
    var maxAge = configuration.get(NeighbourKeys.TRUST_MAX_AGE);
    var poll = configuration.get(NeighbourKeys.TRUST_POLL_INTERVAL);
    if (poll.multipliedBy(3).compareTo(maxAge) > 0) {
      throw Failure.badInput("trust.poll-interval must be at most a third of trust.max-age");
    }
    var instance = new byte[INSTANCE_BYTES];
    new SecureRandom().nextBytes(instance);
    return new Membership(
        GatewayName.of(configuration),
        installation.directory().node(),
        HexFormat.of().formatHex(instance),
        Version.TEXT,
        address,
        maxAge,
        poll,
        configuration.get(NeighbourKeys.TRUST_CONFIRM_TIMEOUT),
        TlsSettings.DEFAULTS.ticketKeyPeriod());
  }

  /** How old what the gate believes is. */
  TrustAge age() {
    return age;
  }

  Gateways gateways() {
    return gateways;
  }

  /** Follows their changes from now on, for a gate that is not open yet. */
  void follow(Gateway door, Comings whoComes) {
    gateway = door;
    comings = whoComes;
    gateways.follow(this);
  }

  @Override
  public void confirmed(long asOfNanos) {
    age.confirmed(asOfNanos);
  }

  @Override
  public void ticketKeys(List<byte[]> keys) {
    if (gateway != null && !keys.isEmpty()) {
      gateway.ticketKeys(keys);
    }
  }

  @Override
  public void arrived(Arrival arrival) {
    if (comings != null) {
      comings.told(arrival);
    }
  }

  @Override
  public void close() {
    gateways.close();
  }
}
