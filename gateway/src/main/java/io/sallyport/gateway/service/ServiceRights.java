package io.sallyport.gateway.service;

import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.SessionPolicy;
import java.util.Optional;

/** What the server's own client may do at this moment; asked on its event loop. */
public interface ServiceRights {
  /**
   * The rights as they are now: another object whenever they have changed, and none while it may
   * not be connected.
   */
  Optional<SessionPolicy> now(PrincipalId principal, String clientId);

  /** Something was denied. */
  void denied(Denied what, String name, SessionPolicy policy);

  /** What was denied. */
  enum Denied {
    CONNECT,
    SUBSCRIBE,
    SHARE,
    PUBLISH,
    RECEIVE
  }
}
