package io.sallyport.app.node;

import io.sallyport.gateway.tls.ServerCredentials;
import io.sallyport.gateway.tls.WarmUp;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.KeyPairs;
import io.sallyport.identity.issuance.Serials;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The key and certificate of this process, made anew at each start: the key never touches the disk.
 * Making them, and the first handshakes with them, needs no registry and goes on while that opens.
 */
final class ServerIdentity {
  private static final Duration CERTIFICATE_LIFETIME = Duration.ofDays(397);
  private static final Duration WARM_UP = Duration.ofMillis(300);

  private final ServerNames names;
  private final InstantSource clock;
  private final boolean warm;
  private final CompletableFuture<Shown> made = new CompletableFuture<>();

  /** What is shown to clients, and the key that proves it. Not a record, which would print it. */
  static final class Shown {
    private final PrivateKey key;
    private final List<X509Certificate> chain;

    private Shown(PrivateKey key, List<X509Certificate> chain) {
      this.key = key;
      this.chain = chain;
    }

    PrivateKey key() {
      return key;
    }

    List<X509Certificate> chain() {
      return chain;
    }
  }

  /**
   * An identity by these names.
   *
   * @param warm whether devices will be let in with it
   */
  ServerIdentity(ServerNames names, InstantSource clock, boolean warm) {
    this.names = names;
    this.clock = clock;
    this.warm = warm;
  }

  /** Has it certified by the authority for servers, and warms up. */
  void make(Authorities authorities) {
    try {
      var shown = shown(authorities);
      if (warm) {
        WarmUp.run(new ServerCredentials(shown.key(), shown.chain()), WARM_UP);
      }
      made.complete(shown);
    } catch (RuntimeException | Error e) {
      // Whoever waits for it hears of it; thrown here it would be said a second time.
      made.completeExceptionally(e);
    }
  }

  private Shown shown(Authorities authorities) {
    var profile = names.profile();
    var key = KeyPairs.p256();
    var leaf =
        authorities
            .servers()
            .sign(
                profile,
                key.getPublic(),
                Serials.random().next(),
                clock.instant(),
                CERTIFICATE_LIFETIME);
    return new Shown(key.getPrivate(), authorities.chain(leaf, profile));
  }

  /** To wait for, once it is being made. */
  CompletableFuture<Shown> made() {
    return made;
  }
}
