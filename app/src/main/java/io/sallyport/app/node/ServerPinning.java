package io.sallyport.app.node;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.PinKeys;
import io.sallyport.app.node.ServerIdentity.Identity;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.control.enforcement.ServerPins;
import io.sallyport.control.pins.Pins;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.Authorities;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that devices hold on to: tells which those are now, refuses to show one that no device
 * knows, and says in time when one can no longer be served.
 */
final class ServerPinning implements ServerPins {
  private static final Logger LOG = LoggerFactory.getLogger(ServerPinning.class);

  private final Pins pins;
  private final Authorities authorities;
  private final boolean serving;
  private volatile Configuration configuration;
  private volatile Identity identity;
  private volatile List<String> told = List.of();

  /**
   * Those of a process.
   *
   * @param serving whether it is about to show this identity to devices; or one command's, which
   *     cannot know what the server was configured to show
   */
  ServerPinning(
      Pins pins,
      Authorities authorities,
      boolean serving,
      Configuration configuration,
      Identity identity) {
    this.serving = serving;
    this.pins = pins;
    this.authorities = authorities;
    this.configuration = configuration;
    this.identity = identity;
  }

  /** Refuses an identity that devices would refuse. */
  void require(Configuration wanted, Identity shown) {
    pins.objection(path(shown))
        .ifPresent(
            why -> {
              if (wanted.get(PinKeys.PINS) == PinKeys.Pinning.ENFORCE) {
                throw Failure.badInput(
                    why
                        + "; show a key that they know (`sallyport ca pins` lists them), retire the"
                        + " pin sets that no device has (`sallyport ca pins --retire SET`), or"
                        + " accept it with 'tls.pins: off'");
              }
              LOG.atWarn().addKeyValue("why", why).log("devices may refuse this server");
            });
  }

  private static List<PublicKeyHash> path(Identity shown) {
    return shown.devices().chain().stream()
        .map(certificate -> PublicKeyHash.of(certificate.getPublicKey()))
        .toList();
  }

  /** This is what devices see from now on. */
  void shown(Configuration inForce, Identity shown) {
    configuration = inForce;
    identity = shown;
  }

  /** Tells of what is new to see to. */
  void look() {
    var warnings = pins.calendar(this).warnings();
    warnings.stream()
        .filter(warning -> !told.contains(warning))
        .forEach(warning -> LOG.atWarn().addKeyValue("what", warning).log("pins need care"));
    told = warnings;
  }

  @Override
  public Present present() {
    return new Present(
        keys(),
        configuration.get(PinKeys.WARN_BEFORE),
        configuration.get(PinKeys.PINS) == PinKeys.Pinning.ENFORCE);
  }

  private List<PinnedKey> keys() {
    if (!serving && pins.objection(path(identity)).isPresent()) {
      return List.of();
    }
    var chain = identity.devices().chain();
    var leaf = chain.getFirst();
    var servers = authorities.servers().certificate();
    var keys = new ArrayList<PinnedKey>();
    // Our own certificate is made anew for the same key as long as its issuer lives.
    var own = leaf.getPublicKey().equals(authorities.serverKeys().publicKey());
    keys.add(key(Use.SERVER, leaf, own ? servers : leaf));
    if (chain.size() > 1) {
      keys.add(key(Use.ISSUER, chain.get(1), chain.get(1)));
    }
    keys.add(
        new PinnedKey(
            Use.BACKUP,
            PublicKeyHash.of(authorities.serverKeys().backup()),
            null,
            servers.getNotAfter().toInstant()));
    return List.copyOf(keys);
  }

  private static PinnedKey key(Use use, X509Certificate shown, X509Certificate last) {
    return new PinnedKey(
        use,
        PublicKeyHash.of(shown.getPublicKey()),
        shown.getNotAfter().toInstant(),
        last.getNotAfter().toInstant());
  }
}
