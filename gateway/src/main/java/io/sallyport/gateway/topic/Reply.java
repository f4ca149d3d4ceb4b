package io.sallyport.gateway.topic;

/**
 * The answer to one request.
 *
 * @param topic where it is published, for the caller alone
 */
@SuppressWarnings("ArrayRecordComponent") // Written once, compared with nothing.
public record Reply(String topic, byte[] payload) {}
