package io.sallyport.control.messaging;

/**
 * A message that a service publishes, at QoS 1 and never retained.
 *
 * @param topic its exact topic
 * @param payload its bytes, not to be written to
 */
@SuppressWarnings("ArrayRecordComponent") // Written once, compared with nothing.
public record Publication(String topic, byte[] payload) {}
