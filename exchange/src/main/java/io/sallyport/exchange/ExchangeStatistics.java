package io.sallyport.exchange;

/**
 * A moment's counters (since start) and gauges of an exchange.
 *
 * @param sessionsOnline gauge: sessions with a connection
 * @param sessionsStored gauge: sessions that outlive their connection
 * @param subscriptions gauge
 * @param retained gauge: retained messages
 * @param retainedBytes gauge
 * @param queued gauge: messages waiting in all queues
 * @param queuedBytes gauge
 * @param published counter: messages taken from clients
 * @param delivered counter: messages handed to outlets
 * @param droppedQueueFull counter: dropped because a bound was reached
 * @param refusedQueueFull counter: refused with 0x97 because a bound was reached
 * @param droppedExpired counter: dropped because their expiry passed
 * @param droppedDenied counter: refused by the receiver's policy at delivery
 * @param droppedTooLarge counter: larger than the receiver takes
 */
public record ExchangeStatistics(
    long sessionsOnline,
    long sessionsStored,
    long subscriptions,
    long retained,
    long retainedBytes,
    long queued,
    long queuedBytes,
    long published,
    long delivered,
    long droppedQueueFull,
    long refusedQueueFull,
    long droppedExpired,
    long droppedDenied,
    long droppedTooLarge) {}
