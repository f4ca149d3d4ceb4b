package io.sallyport.agent.mqtt;

/**
 * A message for the device. It is acknowledged by whoever has made sure of it: until then the
 * server keeps it and delivers it again.
 *
 * @param payload its bytes, not to be written to
 * @param acknowledge sends the PUBACK; nothing at QoS 0
 */
@SuppressWarnings("ArrayRecordComponent") // Written once, compared with nothing.
public record Delivery(String topic, byte[] payload, Runnable acknowledge) {}
