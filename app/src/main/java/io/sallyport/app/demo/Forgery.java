package io.sallyport.app.demo;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.KeyPairs;
import io.sallyport.identity.issuance.LeafProfile;
import io.sallyport.identity.issuance.Serials;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;

/** What an attacker can make alone: the right names on every certificate, signed by nobody's CA. */
final class Forgery {
  private final PrivateKey key;
  private final Certificate[] chain;

  private Forgery(PrivateKey key, Certificate[] chain) {
    this.key = key;
    this.chain = chain;
  }

  static Forgery of(String id, Instant now) {
    var rogue = Authorities.create(Serials.random(), now);
    var pair = KeyPairs.p256();
    var profile = new LeafProfile.Client(PrincipalKind.DEVICE, new PrincipalId(id));
    var leaf =
        rogue
            .devices()
            .sign(profile, pair.getPublic(), Serials.random().next(), now, Duration.ofDays(1));
    return new Forgery(pair.getPrivate(), rogue.chain(leaf, profile).toArray(Certificate[]::new));
  }

  PrivateKey key() {
    return key;
  }

  Certificate[] chain() {
    return chain.clone();
  }
}
