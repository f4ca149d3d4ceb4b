package io.sallyport.exchange;

/**
 * A message left behind for the case of death.
 *
 * @param message what is published
 * @param delaySeconds how long after the connection's end (MQTT 5, 3.1.3.2.2)
 */
public record Will(Message message, long delaySeconds) {}
