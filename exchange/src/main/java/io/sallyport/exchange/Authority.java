package io.sallyport.exchange;

import io.sallyport.identity.PrincipalId;

/** Asked when a message leaves that nobody is connected for: a will that fires. */
@FunctionalInterface
public interface Authority {
  /**
   * Whether the will may be published now.
   *
   * @param principal who left it
   * @param clientId the client id it was left with
   */
  boolean mayPublishWill(PrincipalId principal, String clientId, Message will);
}
