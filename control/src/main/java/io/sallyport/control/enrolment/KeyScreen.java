package io.sallyport.control.enrolment;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.RsaModuli;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.keys.CompromisedKeys;
import io.sallyport.identity.keys.ModulusIndex;
import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What only the fleet can tell of a key: that it shares a factor with another, or is in the
 * published list that the operator gave.
 */
public final class KeyScreen {
  private final CompromisedKeys listed;
  private final ModulusIndex index = new ModulusIndex();

  /** A screen with a list, or with {@link CompromisedKeys#NONE}. */
  public KeyScreen(CompromisedKeys listed) {
    this.listed = listed;
  }

  /** A key that is not certified, and why. */
  record Objection(String reason, String detail) {}

  /** Before the first key of a transaction, so that no other enrolment falls between. */
  void begin(Handle handle, List<CheckedRequest> requests) {
    if (requests.stream().noneMatch(KeyScreen::isRsa)) {
      return;
    }
    LedgerStore.lock(handle);
    synchronized (index) {
      // Only what was there before this transaction, which may yet come to nothing.
      RsaModuli.forEachAbove(
          handle, index.last(), known -> index.add(known.number(), known.modulus()));
    }
  }

  /** Why a key is refused; else it is recorded, for those who come later. */
  Optional<Objection> object(Handle handle, CheckedRequest request) {
    if (listed.contains(request.request().publicKey())) {
      return Optional.of(
          new Objection("compromised-key", "the key is in the list of compromised keys"));
    }
    if (!(request.request().publicKey() instanceof RSAPublicKey rsa)) {
      return Optional.empty();
    }
    var key = request.request().publicKeyHash();
    var objection = shared(handle, key, rsa.getModulus());
    if (objection.isEmpty()) {
      RsaModuli.insert(handle, key, request.kind(), request.id(), rsa.getModulus());
    }
    return objection;
  }

  private Optional<Objection> shared(Handle handle, PublicKeyHash key, BigInteger modulus) {
    synchronized (index) {
      var suspects = new ArrayList<>(RsaModuli.between(handle, index.last() + 1, Long.MAX_VALUE));
      for (var range : index.sharing(modulus)) {
        suspects.addAll(RsaModuli.between(handle, range.first(), range.last()));
      }
      return among(suspects, key, modulus);
    }
  }

  private static Optional<Objection> among(
      List<RsaModuli.Known> known, PublicKeyHash key, BigInteger modulus) {
    for (var other : known) {
      var factor = other.modulus().gcd(modulus);
      // The very same key is for others to judge: it may be the same device, again.
      if (!factor.equals(BigInteger.ONE) && !other.key().equals(key)) {
        return Optional.of(
            new Objection(
                "shared-factor",
                "the RSA key shares a factor of "
                    + factor.bitLength()
                    + " bits with the one of '"
                    + other.principal()
                    + "': both can be computed by everybody"));
      }
    }
    return Optional.empty();
  }

  private static boolean isRsa(CheckedRequest request) {
    return request.request().publicKey() instanceof RSAPublicKey;
  }
}
