package io.sallyport.exchange.builtin;

/** Whom a topic leads to, at one state of the subscriptions. */
final class Route {
  final byte[] topic;
  final int hash;
  final long epoch;
  final Receiver[] receivers;
  final SharedGroup[] groups;

  Route(byte[] topic, int hash, long epoch, Receiver[] receivers, SharedGroup[] groups) {
    this.topic = topic;
    this.hash = hash;
    this.epoch = epoch;
    this.receivers = receivers;
    this.groups = groups;
  }
}
