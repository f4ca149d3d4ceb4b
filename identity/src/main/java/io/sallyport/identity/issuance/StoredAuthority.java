package io.sallyport.identity.issuance;

import java.security.cert.X509Certificate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An authority as the registry keeps it. The first of each name is in {@code ca/} with its key; of
 * it the registry keeps only its standing, and certificates that other roots gave it.
 *
 * @param generation which of that name, from 1
 * @param key the sealed key, or the URI of one in a token; null where it is in {@code ca/} or, for
 *     a root, not on line
 * @param request what an off-line root is asked for; null when there is nothing to ask
 * @param certificates by the generation of the root that gave them; for a root also by itself, and
 *     its links
 */
public record StoredAuthority(
    AuthorityName name,
    int generation,
    AuthorityStanding standing,
    @Nullable String key,
    @Nullable String request,
    Map<Integer, X509Certificate> certificates) {
  public StoredAuthority {
    certificates = Map.copyOf(certificates);
  }

  /** The same in another standing. */
  public StoredAuthority as(AuthorityStanding other) {
    return new StoredAuthority(name, generation, other, key, request, certificates);
  }

  @Override
  public String toString() {
    return "StoredAuthority[" + name.word() + " " + generation + " " + standing.word() + "]";
  }
}
