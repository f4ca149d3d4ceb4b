package io.sallyport.gateway;

import io.sallyport.gateway.defence.AddressBlock;
import io.sallyport.policy.ListenerRules;
import java.util.List;

/**
 * One place where devices are let in.
 *
 * @param rules its name, and how it reads policies
 * @param host the address to listen on
 * @param port the port, 0 for any free one
 * @param balancers if there are some, nobody else may connect, and each connection begins with a
 *     PROXY protocol header of version 2 that says whom it is for
 */
public record ListenerSettings(
    ListenerRules rules, String host, int port, List<AddressBlock> balancers) {
  public ListenerSettings {
    balancers = List.copyOf(balancers);
  }

  /** A place that devices reach directly. */
  public ListenerSettings(ListenerRules rules, String host, int port) {
    this(rules, host, port, List.of());
  }

  /** The same at another place. */
  public ListenerSettings at(String otherHost, int otherPort) {
    return new ListenerSettings(rules, otherHost, otherPort, balancers);
  }

  /** The same behind load balancers. */
  public ListenerSettings behind(List<AddressBlock> blocks) {
    return new ListenerSettings(rules, host, port, blocks);
  }
}
