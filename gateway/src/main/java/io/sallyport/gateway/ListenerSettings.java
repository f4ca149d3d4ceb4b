package io.sallyport.gateway;

import io.sallyport.policy.ListenerRules;

/**
 * One place where devices are let in.
 *
 * @param rules its name, and how it reads policies
 * @param host the address to listen on
 * @param port the port, 0 for any free one
 */
public record ListenerSettings(ListenerRules rules, String host, int port) {}
