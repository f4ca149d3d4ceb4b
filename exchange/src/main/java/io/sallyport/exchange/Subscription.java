package io.sallyport.exchange;

/**
 * One filter of a SUBSCRIBE that was allowed (MQTT 5, 3.8.3.1).
 *
 * @param filter the filter as sent, with {@code $share/<group>/} if shared; valid by MQTT's rules
 * @param maximumQos 0, 1 or 2
 * @param noLocal whether messages of the same client id are left out
 * @param retainAsPublished whether the RETAIN flag is kept on delivery
 * @param retainHandling 0 send retained, 1 only if new, 2 never
 * @param identifier the subscription identifier, 0 for none
 */
public record Subscription(
    String filter,
    int maximumQos,
    boolean noLocal,
    boolean retainAsPublished,
    int retainHandling,
    int identifier) {}
