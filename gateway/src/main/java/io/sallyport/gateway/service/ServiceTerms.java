package io.sallyport.gateway.service;

import io.sallyport.identity.PrincipalId;
import java.util.List;

/**
 * Who the server's own client is, and what it hears.
 *
 * @param principal whose policies decide what it may; without a standing it is not there
 * @param clientId its client id
 * @param group the share group of its subscriptions, so that several servers share the work
 * @param filters what it subscribes to, without the group
 * @param sessionExpirySeconds how long what it was sent waits for it when it is away; 0 where the
 *     exchange would rather give it to another of the group
 */
public record ServiceTerms(
    PrincipalId principal,
    String clientId,
    String group,
    List<String> filters,
    long sessionExpirySeconds) {
  /** Bound: what was delivered and is not dealt with; at QoS 0 and a batch of the exchange. */
  public static final int UNANSWERED_MAX = 1_000;

  /** Bound: what waits to be published, in messages. */
  public static final int WAITING_MAX = 10_000;

  /** Bound: what waits to be published, in bytes. */
  public static final long WAITING_BYTES_MAX = 32L << 20;

  public ServiceTerms {
    filters = List.copyOf(filters);
  }
}
