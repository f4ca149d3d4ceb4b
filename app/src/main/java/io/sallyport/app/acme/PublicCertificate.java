package io.sallyport.app.acme;

import io.sallyport.app.certificate.ServerChain;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The certificate for public names that lies in the data directory, if it may be shown.
 *
 * @param files where it is
 * @param names that it must be for
 * @param key that it must be for: the one that devices know this server by, so that it is the same
 *     at every renewal
 */
public record PublicCertificate(AcmeFiles files, List<String> names, PublicKey key) {
  // Bound: a leaf, three authorities and a root that need not be there.
  private static final int CHAIN_MAX = 5;

  public PublicCertificate {
    names = List.copyOf(names);
  }

  /** The chain, if it is beyond doubt now. */
  public Optional<List<X509Certificate>> usable(Instant now) {
    return files.certificate().filter(chain -> objection(chain, now).isEmpty());
  }

  /** What speaks against a chain, whoever sent it. */
  Optional<String> objection(List<X509Certificate> chain, Instant now) {
    if (chain.size() < 2 || chain.size() > CHAIN_MAX) {
      return Optional.of("has " + chain.size() + " certificates, not a leaf and its issuers");
    }
    if (!chain.getFirst().getPublicKey().equals(key)) {
      return Optional.of("is for another key than the server's");
    }
    for (var one : chain) {
      if (now.isAfter(one.getNotAfter().toInstant())) {
        return Optional.of("has expired at " + one.getNotAfter().toInstant());
      }
    }
    if (now.isBefore(chain.getFirst().getNotBefore().toInstant())) {
      return Optional.of("is not valid before " + chain.getFirst().getNotBefore().toInstant());
    }
    return ServerChain.objection(chain, names);
  }
}
