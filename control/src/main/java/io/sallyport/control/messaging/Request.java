package io.sallyport.control.messaging;

import java.time.Instant;

/**
 * A message that a device sent to a service. Who may send it was decided at the gate, by its topic:
 * the thing that the topic names is the one that it is about.
 *
 * @param topic its exact topic
 * @param payload its bytes as they came: of any size up to the gate's packet size, and of any form
 * @param at when it is worked on
 */
@SuppressWarnings("ArrayRecordComponent") // Written once, compared with nothing.
public record Request(String topic, byte[] payload, Instant at) {}
