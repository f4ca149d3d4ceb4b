package io.sallyport.app.node;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.Key;
import io.sallyport.app.configuration.NeighbourKeys;
import io.sallyport.app.configuration.NeighbourKeys.CloneAction;
import io.sallyport.app.process.Machine;
import io.sallyport.control.Control;
import io.sallyport.control.enforcement.Neighbourhood;
import io.sallyport.control.gateways.Gateways;
import io.sallyport.control.store.StoreUnavailable;
import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.connection.Arrival;
import io.sallyport.gateway.defence.CloneSettings;
import io.sallyport.gateway.defence.CloneWatch;
import io.sallyport.gateway.trust.TrustState;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is made of each client that comes, here or at another gateway: whoever was connected under
 * the same client id gives way, and an identity that comes from two places in turn is suspected.
 */
final class Comings {
  private static final int KEY_BYTES = 16;
  private static final Logger LOG = LoggerFactory.getLogger(Comings.class);

  private final Gateway gateway;
  private final TrustState trust;
  private final Control control;
  private final @Nullable Gateways gateways;
  private final CloneWatch clones;
  private final CloneAction action;
  private final Machine machine;

  Comings(
      Gateway gateway,
      TrustState trust,
      Control control,
      @Nullable Gateways gateways,
      Configuration configuration,
      Machine machine) {
    this.gateway = gateway;
    this.trust = trust;
    this.control = control;
    this.gateways = gateways;
    this.clones =
        new CloneWatch(
            new CloneSettings(
                configuration.get(NeighbourKeys.CLONE_RETURNS),
                configuration.get(NeighbourKeys.CLONE_WINDOW),
                CloneSettings.DEFAULTS.identitiesMax()),
            machine.nanos());
    this.action = configuration.get(NeighbourKeys.CLONE_ACTION);
    this.machine = machine;
  }

  /** A client was let in here; on its event loop. */
  void here(Arrival arrival) {
    prove(arrival);
    if (gateways == null) {
      watch(arrival.principal(), arrival.address(), true);
    } else {
      var address = arrival.address().getHostAddress();
      gateways.arrived(arrival.number(), arrival.principal(), key(arrival.clientId()), address);
    }
  }

  /** Who comes while it has two certificates proves that one of them works. */
  private void prove(Arrival arrival) {
    var known = trust.find(arrival.principal());
    if (known != null
        && known.kind() == PrincipalKind.DEVICE
        && known.activeCertificates().size() > 1) {
      control.rotations().arrived(arrival.principal(), arrival.certificate());
    }
  }

  /** A client was let in somewhere; in the order that all gateways are told. */
  void told(Neighbourhood.Arrival arrival) {
    if (arrival.here()) {
      gateway.announced(arrival.principal(), arrival.number());
    } else {
      int ended = gateway.takenOver(arrival.principal(), id -> key(id).equals(arrival.client()));
      if (ended > 0) {
        LOG.atDebug().addKeyValue("client", arrival.principal()).log("taken over elsewhere");
      }
    }
    // Each gateway counts all of them; the one with the last speaks.
    watch(arrival.principal(), InetAddress.ofLiteral(arrival.address()), arrival.here());
  }

  private void watch(PrincipalId who, InetAddress from, boolean speaks) {
    var known = trust.find(who);
    if (known != null && known.kind() == PrincipalKind.DEVICE) {
      var other = clones.arrived(who, from);
      if (other.isPresent() && speaks) {
        suspect(who, from.getHostAddress(), other.get());
      }
    }
  }

  private void suspect(PrincipalId who, String from, String other) {
    LOG.atWarn().addKeyValue("device", who).log("one identity seems to be two devices");
    control
        .events()
        .accept(
            SecurityEvent.of(
                machine.clock().instant(),
                EventType.CLONE_SUSPECTED,
                "system",
                who.value(),
                Map.of("address", from, "other", other, "action", word())));
    if (action == CloneAction.QUARANTINE) {
      // It waits for the gate's threads, of which this may be one.
      Thread.ofVirtual().name("quarantine").start(() -> quarantine(who));
    }
  }

  private void quarantine(PrincipalId who) {
    try {
      var _ = control.revoker().quarantine(PrincipalKind.DEVICE, who, "system");
    } catch (StoreUnavailable e) {
      LOG.atError().addKeyValue("device", who).setCause(e).log("a clone was not quarantined");
    }
  }

  private String word() {
    return Key.word(action);
  }

  /** What tells client ids apart, however long they are. */
  private static String key(String clientId) {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256").digest(clientId.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(hash, KEY_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
