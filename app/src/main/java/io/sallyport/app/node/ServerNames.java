package io.sallyport.app.node;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.issuance.LeafProfile;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What clients call this server, sorted into names and addresses for its certificate.
 *
 * @param printed the one that bundles name
 * @param configured all that clients use
 */
public record ServerNames(
    String printed, List<String> configured, List<String> dnsNames, List<String> addresses) {
  private static final String LOCAL = "localhost";
  private static final Pattern DNS_NAME =
      Pattern.compile(
          "(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)"
              + "(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

  public static ServerNames of(List<String> configured) {
    var names = new ArrayList<String>();
    var addresses = new ArrayList<String>();
    for (var text : configured) {
      try {
        addresses.add(InetAddress.ofLiteral(text).getHostAddress());
      } catch (IllegalArgumentException _) {
        if (!DNS_NAME.matcher(text).matches()) {
          throw Failure.badInput("names: '" + text + "' is neither a DNS name nor an address");
        }
        names.add(text);
      }
    }
    if (configured.isEmpty()) {
      throw Failure.badInput("names: at least one name or address is needed");
    }
    if (!names.contains(LOCAL)) {
      // Commands on this machine reach the desk by it, whatever the world calls the server.
      names.add(LOCAL);
    }
    return new ServerNames(
        configured.getFirst(), List.copyOf(configured), List.copyOf(names), List.copyOf(addresses));
  }

  public LeafProfile.Server profile() {
    return new LeafProfile.Server(dnsNames, addresses);
  }

  /** The name by which a command on this machine reaches it. */
  public Optional<String> local() {
    return dnsNames.stream().filter(LOCAL::equals).findFirst();
  }
}
