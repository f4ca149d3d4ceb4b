package io.sallyport.gateway.connection;

import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.Mode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * By which mode the will of a session is decided that is not connected: that of the listener on
 * which it was left. Whatever is not known is strict; it lasts as long as the process.
 */
public final class WillModes {
  /** Bound: the sessions known; of more, those that connected longest ago become strict. */
  static final int SESSIONS_MAX = 100_000;

  private final int max;
  private final Map<Key, Mode> modes = new LinkedHashMap<>();

  private record Key(PrincipalId principal, String clientId) {}

  /** Nobody is known. */
  public WillModes() {
    this(SESSIONS_MAX);
  }

  WillModes(int max) {
    this.max = max;
  }

  /** A session connected; what is strict need not be remembered. */
  synchronized void left(PrincipalId principal, String clientId, Mode mode) {
    var key = new Key(principal, clientId);
    modes.remove(key);
    if (mode == Mode.STRICT) {
      return;
    }
    if (modes.size() >= max) {
      modes.remove(modes.keySet().iterator().next());
    }
    modes.put(key, mode);
  }

  synchronized Mode of(PrincipalId principal, String clientId) {
    return modes.getOrDefault(new Key(principal, clientId), Mode.STRICT);
  }
}
