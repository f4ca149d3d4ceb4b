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
 * @param brokerConnects counter: sessions that the user's own broker accepted
 * @param brokerRefusals counter: sessions that could not be opened there, or were refused
 * @param brokerLosses counter: open sessions whose connection to the broker was lost
 * @param purgesPending gauge: principals whose end the broker has still to be told
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
    long droppedTooLarge,
    long brokerConnects,
    long brokerRefusals,
    long brokerLosses,
    long purgesPending) {
  /** Of an exchange that needs no broker. */
  public ExchangeStatistics(
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
      long droppedTooLarge) {
    this(
        sessionsOnline,
        sessionsStored,
        subscriptions,
        retained,
        retainedBytes,
        queued,
        queuedBytes,
        published,
        delivered,
        droppedQueueFull,
        refusedQueueFull,
        droppedExpired,
        droppedDenied,
        droppedTooLarge,
        0,
        0,
        0,
        0);
  }
}
