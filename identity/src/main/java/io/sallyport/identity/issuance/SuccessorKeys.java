package io.sallyport.identity.issuance;

import io.sallyport.identity.issuance.AuthorityRefused.Reason;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of authorities that followed the first ones: sealed for the registry under a key that
 * comes from the passphrase of {@code ca/}, or in a token, whose URI the registry holds.
 */
public final class SuccessorKeys implements AutoCloseable {
  private static final String NAME = "devices";

  private final Seal seal;
  private final @Nullable KeyHome home;
  private final List<String> made = new ArrayList<>();

  SuccessorKeys(Seal seal, @Nullable KeyHome home) {
    this.seal = seal;
    this.home = home;
  }

  /** A key, and how the registry holds it. */
  record Made(KeyPair keys, String stored) {}

  /** Makes the key of another devices CA, where those of before are. */
  Made make() {
    var in = home;
    if (in == null || !in.holds(KeyHome.Use.DEVICES)) {
      var keys = KeyPairs.p256();
      var secret = keys.getPrivate().getEncoded();
      try {
        return new Made(keys, seal.seal(NAME, secret));
      } finally {
        Arrays.fill(secret, (byte) 0);
      }
    }
    var place = in.successor(in.place(KeyHome.Use.DEVICES));
    var keys = in.generate(place, "secp256r1");
    made.add(place);
    return new Made(keys, in.uri(place));
  }

  /**
   * Destroys keys in a token that no registry came to hold.
   *
   * @param held what the registry holds: another process may have made a key of the same name at
   *     the same moment, and this one would be told of it only here
   */
  void forget(Collection<StoredAuthority> held) {
    var in = home;
    if (in != null) {
      made.stream()
          .filter(place -> held.stream().noneMatch(one -> in.uri(place).equals(one.key())))
          .forEach(in::destroy);
    }
    made.clear();
  }

  /** The same, which must be the key of that certificate. */
  PrivateKey opened(StoredAuthority authority, X509Certificate certificate)
      throws AuthorityRefused {
    var key = open(authority);
    AuthorityChain.requireKey(AuthorityName.DEVICES, certificate, key);
    return key;
  }

  /** Opens a key as the registry holds it. */
  PrivateKey open(StoredAuthority authority) throws AuthorityRefused {
    var stored = authority.key();
    var what = "the key of " + authority.name().commonName(authority.generation());
    if (stored == null) {
      throw new AuthorityRefused(Reason.MISSING, what + " is not in the registry");
    }
    var place = KeyReference.place(stored);
    if (place != null) {
      return KeyReference.require(home, NAME).find(place).getPrivate();
    }
    byte[] secret;
    try {
      secret = seal.open(NAME, stored);
    } catch (SealBroken e) {
      throw new AuthorityRefused(Reason.SEAL_BROKEN, what + ": " + e.getMessage());
    }
    try {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(secret));
    } catch (GeneralSecurityException e) {
      throw new AuthorityRefused(Reason.SEAL_BROKEN, what + " is not one of ours");
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  @Override
  public void close() {
    seal.close();
  }

  @Override
  public String toString() {
    return "SuccessorKeys[hidden]";
  }
}
