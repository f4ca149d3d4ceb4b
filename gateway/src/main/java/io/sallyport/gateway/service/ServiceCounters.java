package io.sallyport.gateway.service;

/**
 * What the server's own client has done so far, and does now.
 *
 * @param connected whether its session is open and all of its subscriptions stand
 * @param received messages that were delivered to it
 * @param published messages that it published and that were acknowledged
 * @param failed messages that it could not publish: denied, refused, no room or no way
 * @param waiting messages that wait to be acknowledged
 */
public record ServiceCounters(
    boolean connected, long received, long published, long failed, long waiting) {}
