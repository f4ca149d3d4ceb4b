package io.sallyport.gateway;

import io.sallyport.policy.ListenerRules;

/**
 * One listener that is open now.
 *
 * @param port the port that it has
 * @param connections gauge: sockets open, in whatever state
 * @param accepted counter: sockets accepted
 */
public record LiveListener(
    ListenerRules rules, String host, int port, long connections, long accepted) {}
