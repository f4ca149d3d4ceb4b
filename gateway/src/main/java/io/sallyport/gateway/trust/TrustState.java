package io.sallyport.gateway.trust;

import io.sallyport.identity.PrincipalId;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Every principal that the gate may ever admit. Whoever is not in it is refused.
 *
 * <p>Each entry is immutable and swapped atomically; a reader sees the old or the new one of a
 * principal, never half of each (docs/decisions/0003).
 */
public final class TrustState {
  private final ConcurrentHashMap<PrincipalId, TrustedPrincipal> principals =
      new ConcurrentHashMap<>();
  private final TrustAge age;

  /** Of a gate that is told of every change by whoever makes it. */
  public TrustState() {
    this(TrustAge.NONE);
  }

  /** Of a gate that may miss changes, and knows how old what it believes may be. */
  public TrustState(TrustAge age) {
    this.age = age;
  }

  /** How old it may be. */
  public TrustAge age() {
    return age;
  }

  /** Makes this what is believed of its principal from now on. */
  public void put(TrustedPrincipal principal) {
    principals.put(principal.id(), principal);
  }

  /** Forgets a principal: it is refused from now on. */
  public void remove(PrincipalId id) {
    principals.remove(id);
  }

  /** What is believed of a principal, or null if it is unknown. */
  public @Nullable TrustedPrincipal find(PrincipalId id) {
    return principals.get(id);
  }

  /** How many principals are known. */
  public int size() {
    return principals.size();
  }
}
