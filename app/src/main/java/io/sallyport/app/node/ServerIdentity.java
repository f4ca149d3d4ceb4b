package io.sallyport.app.node;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.OperationKeys;
import io.sallyport.gateway.tls.DeviceAnchors;
import io.sallyport.gateway.tls.WarmUp;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.Serials;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/**
 * The keys and certificates of this process. Our own certificate is made anew at each start and
 * reload, for a key that stays, because devices may hold on to it. Making it, and the first
 * handshakes with it, needs no registry and goes on while that opens.
 */
final class ServerIdentity {
  private static final Duration WARM_UP = Duration.ofMillis(300);

  private final ServerNames names;
  private final Configuration configuration;
  private final InstantSource clock;
  private final boolean warm;
  private final CompletableFuture<Identity> made = new CompletableFuture<>();

  /**
   * What devices see and lead to, and what operators see. Operators always see our own: the root in
   * their folder is what they know this server by.
   */
  record Identity(Shown devices, Shown operators, DeviceAnchors anchors) {}

  /**
   * An identity by these names.
   *
   * @param warm whether devices will be let in with it
   */
  ServerIdentity(
      ServerNames names, Configuration configuration, InstantSource clock, boolean warm) {
    this.names = names;
    this.configuration = configuration;
    this.clock = clock;
    this.warm = warm;
  }

  /** Has it certified by the authority for servers, and warms up. */
  void make(Authorities authorities) {
    try {
      made.complete(identity(authorities, WARM_UP));
    } catch (RuntimeException | Error e) {
      // Whoever waits for it hears of it; thrown here it would be said a second time.
      made.completeExceptionally(e);
    }
  }

  /** Made now, with one handshake as a proof that it serves. */
  Identity identity(Authorities authorities) {
    return identity(authorities, Duration.ZERO);
  }

  private Identity identity(Authorities authorities, Duration warmUp) {
    var own = own(authorities);
    var files = CertificateFiles.of(configuration);
    var devices = warm && files.isPresent() ? files.get().read(names, clock.instant()) : own;
    if (warm) {
      WarmUp.run(devices.forDevices(), warmUp);
    }
    return new Identity(devices, own, anchors(authorities));
  }

  private DeviceAnchors anchors(Authorities authorities) {
    var own =
        new DeviceAnchors(
            authorities.line().trustedIssuers(),
            authorities.roots(),
            authorities.line().retiredIssuers());
    return DeviceAuthorityFile.of(configuration)
        .map(file -> file.besides(own, clock.instant()))
        .orElse(own);
  }

  private Shown own(Authorities authorities) {
    var profile = names.profile();
    var key = authorities.serverKeys();
    var leaf =
        authorities
            .servers()
            .sign(
                profile,
                key.publicKey(),
                Serials.random().next(),
                clock.instant(),
                configuration.get(OperationKeys.CERTIFICATE_LIFETIME));
    return new Shown(key.privateKey(), authorities.chain(leaf, profile));
  }

  /** To wait for, once it is being made. */
  CompletableFuture<Identity> made() {
    return made;
  }
}
