package io.sallyport.agent;

import io.sallyport.agent.outbox.Counts;

/**
 * How an agent is.
 *
 * @param connected whether a connection stands
 * @param connections how many the server let in since the agent started
 * @param lastEnding why there was none at last, or empty
 * @param credential the number of the key that it is, or was last, connected with
 * @param acknowledged pieces of telemetry that the server took since the agent started
 * @param denied pieces that the server will never take, by its policy
 * @param telemetry what waits, and what was lost
 */
public record Status(
    boolean connected,
    long connections,
    String lastEnding,
    long credential,
    long acknowledged,
    long denied,
    Counts telemetry) {}
