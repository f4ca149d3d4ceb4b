package io.sallyport.gateway;

import io.sallyport.gateway.connection.Counters;
import io.sallyport.gateway.defence.Bans;

/**
 * A moment's gauges, and counters since the start.
 *
 * @param connections gauge: sockets open, in whatever state
 * @param handshaking gauge: connections in their TLS handshake
 * @param sessions gauge: connections whose CONNECT was accepted
 * @param accepted counter: sockets accepted
 * @param refusedFull counter: sockets closed at once because a bound was reached
 * @param displaced counter: half-open sockets closed to make room for one of another source
 * @param refusedPlain counter: sockets closed because they did not speak TLS
 * @param refusedBanned counter: sockets closed at once because their source is banned
 * @param refusedOfSource counter: sockets closed at once because of the others of their source
 * @param refusedTooFast counter: full handshakes not begun because there were too many a second
 * @param refusedProxy counter: sockets closed because of their PROXY header, or for having none
 * @param handshakesFull counter: handshakes finished with a certificate sent
 * @param handshakesResumed counter: handshakes finished with a ticket
 * @param handshakesRefused counter: handshakes refused or failed
 * @param connectsRefused counter: CONNECT packets refused
 * @param published counter: publications taken from clients and allowed
 * @param publishesDenied counter: publications denied
 * @param publishedTooFast counter: publications beyond the rate of their device
 * @param subscribesDenied counter: filters denied
 * @param delivered counter: messages sent to clients
 * @param receivesDenied counter: messages not sent because the receiver may not receive them
 * @param wouldBeDenied counter: what observed principals were allowed and a proposal would deny
 * @param violations counter: connections closed for breaking the protocol or a bound of it
 * @param timedOut counter: connections closed for silence
 * @param cut counter: connections closed by an operator's action
 * @param banned gauge: sources that are banned
 * @param bans counter: bans made
 */
public record GatewayStatistics(
    long connections,
    long handshaking,
    long sessions,
    long accepted,
    long refusedFull,
    long displaced,
    long refusedPlain,
    long refusedBanned,
    long refusedOfSource,
    long refusedTooFast,
    long refusedProxy,
    long handshakesFull,
    long handshakesResumed,
    long handshakesRefused,
    long connectsRefused,
    long published,
    long publishesDenied,
    long publishedTooFast,
    long subscribesDenied,
    long delivered,
    long receivesDenied,
    long wouldBeDenied,
    long violations,
    long timedOut,
    long cut,
    long banned,
    long bans) {
  /**
   * As they are now.
   *
   * @param resumed of the handshakes, counted before the others
   */
  static GatewayStatistics of(Counters counters, long resumed, Bans bans) {
    return new GatewayStatistics(
        counters.connections(),
        counters.handshaking(),
        counters.sessions(),
        counters.accepted(),
        counters.refusedFull(),
        counters.displaced(),
        counters.refusedPlain(),
        counters.refusedBanned(),
        counters.refusedOfSource(),
        counters.refusedTooFast(),
        counters.refusedProxy(),
        Math.max(0, counters.handshakes() - resumed),
        resumed,
        counters.handshakesRefused(),
        counters.connectsRefused(),
        counters.published(),
        counters.publishesDenied(),
        counters.publishedTooFast(),
        counters.subscribesDenied(),
        counters.delivered(),
        counters.receivesDenied(),
        counters.wouldBeDenied(),
        counters.violations(),
        counters.timedOut(),
        counters.cut(),
        bans.count(),
        bans.made());
  }
}
