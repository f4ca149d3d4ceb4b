package io.sallyport.control.gateways;

import java.time.Duration;

/**
 * How a gateway takes part in a registry that several share.
 *
 * @param gateway its name, which no other has
 * @param node what its data directory is known by, for ever
 * @param instance what this very process is known by
 * @param address where devices reach it, for people
 * @param maxAge how long it goes on without hearing of changes, before it lets nobody in
 * @param pollInterval how often it looks for changes though nobody told of one
 * @param confirmMax how long a revocation waits for the other gateways to confirm it
 * @param ticketKeyPeriod how long a key of TLS session tickets encrypts
 */
public record Membership(
    String gateway,
    String node,
    String instance,
    String version,
    String address,
    Duration maxAge,
    Duration pollInterval,
    Duration confirmMax,
    Duration ticketKeyPeriod) {

  /** How long the database may be silent before the way to it is given up and tried anew. */
  Duration silenceMax() {
    var third = maxAge.dividedBy(3);
    return third.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : third;
  }
}
