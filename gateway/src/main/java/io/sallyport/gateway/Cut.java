package io.sallyport.gateway;

/**
 * What a cut did.
 *
 * @param connections connections of the principal that were ended
 * @param stillOpen those of them whose socket was not yet gone when the wait ended
 * @param nanos how long it took
 */
public record Cut(int connections, int stillOpen, long nanos) {}
