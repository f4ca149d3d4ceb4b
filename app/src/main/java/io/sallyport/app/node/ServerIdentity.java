package io.sallyport.app.node;

import io.sallyport.app.acme.Acme;
import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.OperationKeys;
import io.sallyport.app.stapling.Stapling.ShownChain;
import io.sallyport.control.rest.HttpsCredentials;
import io.sallyport.gateway.tls.DeviceAnchors;
import io.sallyport.gateway.tls.ShownCertificates;
import io.sallyport.gateway.tls.WarmUp;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.Serials;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The keys and certificates of this process. Our own certificate is made anew at each start and
 * reload, for a key that stays, because devices may hold on to it. Making it, and the first
 * handshakes with it, needs no registry and goes on while that opens.
 */
final class ServerIdentity {
  private static final Duration WARM_UP = Duration.ofMillis(300);

  private final ServerNames names;
  private final Configuration configuration;
  private final @Nullable Acme acme;
  private final InstantSource clock;
  private final boolean warm;
  private final CompletableFuture<Identity> made = new CompletableFuture<>();

  /**
   * What devices see and lead to, and what operators see. Operators always see our own: the root in
   * their folder is what they know this server by.
   *
   * @param named what both see who call us by a public name, or null
   */
  record Identity(Shown devices, Shown operators, @Nullable Named named, DeviceAnchors anchors) {
    /** The same to look at, which leads devices elsewhere. */
    Identity leadingTo(DeviceAnchors others) {
      return new Identity(devices, operators, named, others);
    }

    /** For the gate. */
    ShownCertificates forDevices() {
      return named == null
          ? ShownCertificates.only(devices.forDevices())
          : new ShownCertificates(
              devices.forDevices(), named.shown().forDevices(), Set.copyOf(named.names()));
    }

    /** For the operators' port. */
    HttpsCredentials forOperators() {
      var own = operators.forOperators();
      return named == null ? own : own.named(named.shown().chain(), named.names());
    }

    /** Everything that the gate shows. */
    List<ShownChain> chains() {
      var own = new ShownChain("default", devices.chain());
      return named == null
          ? List.of(own)
          : List.of(own, new ShownChain("acme", named.shown().chain()));
    }
  }

  /** A certificate for public names, of the same key as our own. */
  record Named(Shown shown, List<String> names) {}

  /**
   * An identity by these names.
   *
   * @param acme where the certificate for public names is, or null
   * @param warm whether devices will be let in with it
   */
  ServerIdentity(
      ServerNames names,
      Configuration configuration,
      @Nullable Acme acme,
      InstantSource clock,
      boolean warm) {
    this.names = names;
    this.acme = acme;
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
    return new Identity(devices, own, named(authorities), anchors(authorities));
  }

  /** While there is none, or none that is good, public names see our own. */
  private @Nullable Named named(Authorities authorities) {
    var wanted = acme == null || !warm ? null : acme.certificate(authorities.serverKeys());
    if (wanted == null) {
      return null;
    }
    return wanted
        .usable(clock.instant())
        .map(
            chain ->
                new Named(new Shown(authorities.serverKeys().privateKey(), chain), wanted.names()))
        .orElse(null);
  }

  /** Whom devices' certificates lead to now. */
  DeviceAnchors anchors(Authorities authorities) {
    var line = authorities.line();
    var own = new DeviceAnchors(line.trustedIssuers(), line.roots(), line.retiredIssuers());
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
