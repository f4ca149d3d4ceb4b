package io.sallyport.exchange;

/**
 * What {@link Exchange#end} took away.
 *
 * @param outletsClosed open connections whose outlet was closed
 * @param sessions sessions ended, stored or not
 * @param subscriptions subscriptions removed
 * @param queued messages that waited in its queues
 * @param inFlight deliveries sent to it but not acknowledged
 * @param wills wills discarded
 * @param retained retained messages purged that it had written
 */
public record Ended(
    int outletsClosed,
    int sessions,
    int subscriptions,
    int queued,
    int inFlight,
    int wills,
    int retained) {}
